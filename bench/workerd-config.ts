/** The text of a `workerd` configuration for the Worker as `wrangler.toml` describes it. Pure. https://github.com/cloudflare/workerd/blob/main/src/workerd/server/workerd.capnp */

/** A module by the name it is imported by, and its file beside the configuration. */
export interface WorkerdModule {
  readonly name: string;
  readonly file: string;
}

export interface WorkerdSetup {
  readonly port: number;
  /** The first is the entry. */
  readonly modules: readonly WorkerdModule[];
  readonly kvModules: readonly WorkerdModule[];
  readonly compatibilityDate: string;
  readonly compatibilityFlags: readonly string[];
  readonly objects: readonly { readonly binding: string; readonly className: string }[];
  readonly kvBindings: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  /** An existing folder on the disk. */
  readonly storageFolder: string;
}

export function workerdConfig(setup: WorkerdSetup): string {
  const bindings = [
    ...Object.entries(setup.variables).map(([name, value]) => `(name = ${text(name)}, text = ${text(value)})`),
    ...setup.objects.map(
      ({ binding, className }) => `(name = ${text(binding)}, durableObjectNamespace = ${text(className)})`,
    ),
    ...setup.kvBindings.map((name) => `(name = ${text(name)}, kvNamespace = "kv")`),
  ];
  const classes = [...new Set(setup.objects.map(({ className }) => className))];
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "kv", worker = .kv),
    (name = "internet", network = (allow = ["public", "private"])),
    (name = "storage", disk = (path = ${text(setup.storageFolder)}, writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${setup.port}", http = (), service = "main")],
);

const main :Workerd.Worker = (
  modules = [
    ${modulesOf(setup.modules)}
  ],
  compatibilityDate = ${text(setup.compatibilityDate)},
  compatibilityFlags = [${setup.compatibilityFlags.map(text).join(', ')}],
  bindings = [
    ${bindings.join(',\n    ')}
  ],
  durableObjectNamespaces = [
    ${classes.map((name) => `(className = ${text(name)}, uniqueKey = ${text(`bench-${name}`)}, enableSql = true)`).join(',\n    ')}
  ],
  durableObjectStorage = (localDisk = "storage"),
);

const kv :Workerd.Worker = (
  modules = [
    ${modulesOf(setup.kvModules)}
  ],
  compatibilityDate = ${text(setup.compatibilityDate)},
);
`;
}

function modulesOf(modules: readonly WorkerdModule[]): string {
  return modules.map(({ name, file }) => `(name = ${text(name)}, esModule = embed ${text(file)})`).join(',\n    ');
}

/** Cap'n Proto quotes as JSON does, as far as what stands here goes. */
function text(value: string): string {
  return JSON.stringify(value);
}
