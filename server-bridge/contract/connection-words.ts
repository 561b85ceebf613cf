import type { ConnectionKind } from './connection-events.ts'

/** Each kind of connection as people read it: in the timeline of the window and in that of the support bundle. */
export const connectionKindWords: Readonly<Record<ConnectionKind, string>> = {
  deployment: 'Deployment',
  terminal: 'Terminal',
  desktop: 'Desktop',
  gateway: 'Header gateway',
  ssh: 'SSH',
  tunnel: 'Tunnel',
  files: 'Files',
}
