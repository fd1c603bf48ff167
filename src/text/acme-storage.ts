/** Finds where Traefik keeps certificates (doc.traefik.io, "Certificate Resolvers", `storage`): one file, which copies cannot share. */
import type { Container } from '../facts.ts';
import { itemsOf, textOf } from './yaml-access.ts';
import type { YamlNode } from './yaml-document.ts';

const storage = /^--certificatesresolvers\.[\w-]{1,100}\.acme\.storage=["']?([^"'\s]{1,300})["']?$/i;

/** Among the words of a command that are written as a list. */
export function findAcmeStorage(...commands: readonly (YamlNode | undefined)[]): Container['certificates'] {
  for (const item of commands.flatMap(itemsOf)) {
    const path = storage.exec((textOf(item) ?? '').trim())?.[1];
    if (path !== undefined) return { path, place: item.place };
  }
  return undefined;
}
