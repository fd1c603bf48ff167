/** How a program is built: images, packages, modules and the settings that are packed with them. */
import type { Place } from '../types.ts';
import type { EnvEntry, Probe } from './deployment.ts';
import type { Condition, Setting } from './values.ts';

/** One stage of a Dockerfile, with ARG and ENV expanded as far as they are known. */
export interface ImageStage {
  readonly name?: string;
  readonly index: number;
  readonly base: Setting<string>;
  /** Index of the stage that `base` names, when it is a stage. */
  readonly baseStage?: number;
  readonly user?: Setting<string>;
  readonly workdir?: Setting<string>;
  readonly env: readonly EnvEntry[];
  readonly args: readonly { readonly name: string; readonly default?: string; readonly place: Place }[];
  readonly expose: readonly { readonly port: Setting<number>; readonly place: Place }[];
  readonly entrypoint?: ImageCommand;
  readonly cmd?: ImageCommand;
  readonly healthcheck?: Probe & { readonly disabled?: boolean };
  /** COPY/ADD: sources relative to the build context, or of another stage. */
  readonly copies: readonly {
    readonly from?: string;
    readonly sources: readonly string[];
    /** As written; relative to `workdir`, the working directory in force at that line where it is known. */
    readonly target: string;
    readonly workdir?: string;
    readonly place: Place;
  }[];
  readonly runs: readonly { readonly command: string; readonly place: Place }[];
  readonly volumes: readonly { readonly path: string; readonly place: Place }[];
  readonly stopSignal?: Setting<string>;
  readonly place: Place;
}
export interface ImageCommand {
  /** Exec form: the argument vector. Shell form: one string, run by `/bin/sh -c`. */
  readonly form: 'exec' | 'shell';
  readonly words: readonly string[];
  readonly place: Place;
}

/** What a package.json (or another build file) says of one source root. */
export interface PackageManifest {
  readonly name?: string;
  /** Folder of the file, from the repository's root; `''` is the root itself. */
  readonly root: string;
  readonly version?: string;
  readonly private: boolean;
  readonly type: 'module' | 'commonjs';
  readonly main?: { readonly path: string; readonly place: Place };
  /** Files that `exports` names for a subpath (`.`, `./db`, `./*`), under whichever condition, the first of them first. */
  readonly exports?: Readonly<Record<string, readonly string[]>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, { readonly command: string; readonly place: Place }>>;
  readonly dependencies: Readonly<Record<string, { readonly range: string; readonly place: Place }>>;
  readonly devDependencies: Readonly<Record<string, { readonly range: string; readonly place: Place }>>;
  readonly workspaces: readonly string[];
  /** Names that stand for paths of the package, with the paths as written: `imports`, and `_moduleAliases` of module-alias. */
  readonly aliases?: Readonly<Record<string, readonly string[]>>;
  readonly packageManager?: string;
  readonly namePlace: Place;
  /** The package is Python source, whose dependencies are not listed here, or a module of Go; absent: npm, or what `build` says. */
  readonly ecosystem?: 'python' | 'dotnet' | 'go';
  /** What a requirements.txt or pyproject.toml names, and those of it without a fixed version. */
  readonly requirements?: {
    readonly count: number;
    readonly open: readonly { readonly name: string; readonly place: Place }[];
    /** A server for production among them: gunicorn, waitress. */
    readonly server?: string;
  };
  /** Set for projects of .NET. */
  readonly dotnet?: DotnetProject;
  /** Set for modules of Maven and Gradle, whose other fields then are empty. */
  readonly build?: BuildModule;
}

/** What a .csproj says of its project. */
export interface DotnetProject {
  /** The file, from the repository's root. */
  readonly path: string;
  /** `Microsoft.NET.Sdk.Web`…, without versions. */
  readonly sdks: readonly string[];
  /** `Exe`, `Library`, `WinExe`; absent: what the SDK says. */
  readonly output?: string;
  /** As written; `net8.0;net9.0` for several. */
  readonly target?: string;
  /** Name of the file that it builds, without ending. */
  readonly assembly: string;
  readonly packages: readonly { readonly name: string; readonly version?: string; readonly place: Place }[];
  /** Shared frameworks: `Microsoft.AspNetCore.App`. */
  readonly frameworks: readonly string[];
  /** Projects that it builds on: files from the repository's root. */
  readonly projects: readonly string[];
  /** Of its properties, those that say what it is for. */
  readonly properties: Readonly<Record<string, string>>;
  /** Sources that lie outside of its folder, from the repository's root. */
  readonly sources: readonly string[];
  /** Other sources or projects come from elsewhere. */
  readonly isOpen: boolean;
}

/** A library or plugin that a build file names; Gradle plugins have their id as `artifact`. */
export interface BuildReference {
  readonly group: string;
  readonly artifact: string;
  /** As written, properties filled in where the file itself defines them. */
  readonly version?: string;
  readonly scope?: string;
  /** A whole archive that is packed into this one. */
  readonly isOverlay?: true;
  readonly place: Place;
}
/** What a pom.xml or build.gradle says of its module; parents are not filled in. */
export interface BuildModule {
  /** `ant`: a web project without a build file that is read. */
  readonly tool: 'maven' | 'gradle' | 'ant';
  readonly group?: string;
  /** `jar`, `war`, `ear`, `ejb`, `pom`… */
  readonly packaging: string;
  /** The line that says so; else that of the name. */
  readonly packagingPlace: Place;
  readonly parent?: BuildReference & { readonly path?: string };
  readonly properties: Readonly<Record<string, string>>;
  readonly dependencies: readonly BuildReference[];
  /** Versions that it fixes for itself and its children: dependencyManagement, platforms. */
  readonly managed: readonly BuildReference[];
  readonly plugins: readonly BuildReference[];
  /** Plugins that children may use. */
  readonly managedPlugins: readonly BuildReference[];
  readonly modules: readonly string[];
  /** Other modules of the build that it depends on, as folders from the repository's root (Gradle `project(':x')`). */
  readonly projects: readonly string[];
  readonly profiles: readonly {
    readonly name: string;
    readonly place: Place;
    /** Used when no other is named. */
    readonly isDefault?: true;
    readonly properties?: Readonly<Record<string, string>>;
  }[];
  /** Names of the images that its plugins build: jib, Spring Boot, fabric8. */
  readonly images: readonly string[];
  /** It switches the archive off that could be started (`bootJar { enabled = false }`). */
  readonly isLibrary?: true;
  /** Flags with which the JVM starts in that image (jib). */
  readonly jvmFlags?: readonly { readonly text: string; readonly place: Place }[];
}

/** A setting of an application's configuration file. Secret values are masked. */
export interface SettingEntry {
  /** Dotted, lower-case with `-`, as Spring writes it. */
  readonly key: string;
  readonly text: string;
  readonly place: Place;
}

/** One line of a shell script. */
export interface ScriptCommand {
  readonly line: string;
  /** The script goes on while it runs (`&`). */
  readonly background?: true;
  /** The name of a function whose body follows, no call of it. */
  readonly defines?: true;
  /** It stands in the branch of a test on variables. */
  readonly when?: readonly Condition[];
  /** The function whose body it stands in. */
  readonly within?: string;
  readonly place: Place;
}

/** An image that a tool builds, and whose tag it writes into the manifests that name it. */
export interface TaggedImage {
  readonly name: string;
  readonly tool: string;
}

/** pm2 ecosystem file, nodemon.json, supervisord.conf…: processes that a manager starts. */
export interface ProcessFile {
  readonly manager: string;
  readonly scripts: readonly string[];
  /** Command lines by the names under which the manager runs them: nps, pm2, Supervisor. */
  readonly named?: Readonly<Record<string, string>>;
  /** Where each of the scripts stands. */
  readonly places?: readonly Place[];
  readonly instances?: Setting<number | string>;
}
