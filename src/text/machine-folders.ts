/** Folders that exist on one machine. Images have their own conventions (`/app`, `/tmp`, `/usr`, `/etc/ssl`), which are left out. */
const machineFolder = /^\/(?:home|Users|opt|srv|mnt|media|root|var\/(?:lib|www|opt|data)|usr\/local\/(?:data|share|var))\/[\w.-]+/;
/** Homes of users that images define, and folders that platforms mount. */
const imageFolder =
  /^\/(?:home\/(?:node|app|nonroot|site|LogFiles|pptruser|bun|deno)|opt\/(?:app|app-root|node|nodejs|render)|var\/(?:www\/html|task)|mnt\/(?:secrets|efs|azure|data))(?:\/|$)/i;

export const isMachineFolder = (path: string): boolean => machineFolder.test(path) && !imageFolder.test(path);
