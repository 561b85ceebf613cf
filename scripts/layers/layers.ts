/**
 * Who may import whom inside the repository. A layer is a place (a regular expression over paths); its own files
 * are always allowed. `types` are places it may import types from, `packages` the only packages it may use (absent:
 * any runtime dependency), `node` the only modules of Node (absent: all of them).
 */
export interface Layer {
  readonly name: string
  readonly place: string
  readonly imports: readonly string[]
  readonly types?: readonly string[]
  readonly packages?: readonly string[]
  readonly node?: readonly string[]
}

const WIRE = '^server-bridge/contract/'
const LIB = '^server-bridge/lib/'
const CLIENT = '^server-bridge/client/'
const TRANSPORT = '^server-bridge/transport/'
const RECONNECT = '^server-bridge/client/reconnect[-.][^/]*ts$'
const PROVISIONER = '^server-bridge/provisioner/'
const IPC = '^preload/contract/'
const PORTS = '^main/ports/'
const MAIN_LIB = '^main/lib/'
const STYLES = '^renderer/styles/'
const REACT = ['react', 'react-dom', '@types/react', '@types/react-dom', 'zustand']

const serverBridge: readonly Layer[] = [
  { name: 'wire', place: WIRE, imports: [], packages: ['zod'], node: [] },
  { name: 'lib', place: LIB, imports: [], packages: ['croner', 'pino', 'ws'] },
  // The reducer of reconnecting sockets is shared by the client, the bridge and the agent, so it stands alone.
  {
    name: 'reconnect',
    place: RECONNECT,
    imports: ['^server-bridge/lib/backoff[.]ts$'],
    packages: [],
    node: [],
  },
  { name: 'client', place: CLIENT, imports: [WIRE, LIB], packages: ['ws', 'zod'] },
  { name: 'transport', place: TRANSPORT, imports: [WIRE, LIB], packages: ['ssh2', 'ws', 'zod'] },
  { name: 'bridge', place: '^server-bridge/bridge/', imports: [WIRE, LIB, CLIENT, TRANSPORT] },
  {
    name: 'ssh-proxy',
    place: '^server-bridge/ssh-proxy/',
    imports: [WIRE, LIB, CLIENT, TRANSPORT],
    packages: [],
  },
  { name: 'provisioner', place: PROVISIONER, imports: [WIRE, LIB] },
  { name: 'server', place: '^server-bridge/server/', imports: [WIRE, LIB, PROVISIONER] },
  { name: 'agent', place: '^server-bridge/agent/', imports: [WIRE, LIB, RECONNECT] },
  {
    name: 'bin',
    place: '^server-bridge/bin/',
    imports: ['^server-bridge/(?!testing/)'],
  },
]

const mainProcess: readonly Layer[] = [
  { name: 'ports', place: PORTS, imports: [], types: [IPC, LIB, WIRE], packages: [], node: [] },
  {
    name: 'security',
    place: '^main/security/',
    imports: [],
    types: [IPC],
    packages: [],
    node: ['path', 'url'],
  },
  { name: 'main-lib', place: MAIN_LIB, imports: [LIB, IPC] },
  { name: 'rpc', place: '^main/rpc/', imports: [IPC, MAIN_LIB, LIB] },
  {
    name: 'main-feature',
    place: '^main/features/',
    imports: [IPC, WIRE, LIB, CLIENT, TRANSPORT, PORTS, MAIN_LIB],
    types: ['^main/rpc/'],
  },
  { name: 'shell', place: '^main/shell/', imports: [PORTS, '^main/security/', MAIN_LIB, LIB, IPC] },
  {
    name: 'app',
    place: '^main/[^/]+[.]ts$',
    imports: ['^main/(?!testing/)', IPC, WIRE, LIB, CLIENT, TRANSPORT],
  },
]

const window: readonly Layer[] = [
  { name: 'ipc', place: IPC, imports: [WIRE], packages: ['zod'], node: [] },
  {
    name: 'preload',
    place: '^preload/[^/]+[.]ts$',
    imports: ['^preload/'],
    packages: ['electron'],
    node: [],
  },
  { name: 'renderer-lib', place: '^renderer/lib/', imports: [], packages: REACT, node: [] },
  { name: 'ui', place: '^renderer/ui/', imports: ['^renderer/lib/', STYLES], node: [] },
  { name: 'renderer-api', place: '^renderer/api/', imports: [IPC, WIRE, '^renderer/lib/'], node: [] },
  {
    name: 'renderer-feature',
    place: '^renderer/features/',
    imports: ['^renderer/(ui|api|lib|styles)/', IPC, WIRE],
    node: [],
  },
  { name: 'renderer', place: '^renderer/', imports: [IPC, WIRE], node: [] },
]

const aroundTheApp: readonly Layer[] = [
  {
    name: 'scripts',
    place: '^scripts/',
    imports: ['^eslint[.]config[.]js$', '^server-bridge/(contract|testing)/'],
  },
  {
    name: 'e2e',
    place: '^e2e/',
    imports: [WIRE, IPC, LIB, CLIENT, '^server-bridge/testing/', '^main/security/', '^scripts/'],
  },
]

/** Every layer, the more special place first: a file belongs to the first one that fits. */
export const LAYERS: readonly Layer[] = [...serverBridge, ...mainProcess, ...window, ...aroundTheApp]
