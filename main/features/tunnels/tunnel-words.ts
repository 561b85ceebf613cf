/** What a tunnel is called, and where it is found. */
import type { TunnelEnd } from '#bridge/contract/tunnels'
import type { TunnelDraft } from '#ipc/tunnels'

/** The name a person gave it, or what it does. */
export function tunnelTitle({ name, kind, listen, target }: TunnelDraft): string {
  if (name !== '') return name
  if (kind === 'dynamic') return 'SOCKS proxy'
  const end = kind === 'remote' ? listen : (target ?? listen)
  return end.kind === 'tcp' ? `Port ${end.port}` : end.path
}

/** The name its certificate is for: `workspace--port.localhost`. */
export function httpsName(workspaceName: string, { listen, target }: TunnelDraft): string {
  const end = target?.kind === 'tcp' ? target : listen
  const label = workspaceName.toLowerCase().replaceAll(/[^a-z0-9-]/g, '-')
  // A label of a name has room for 63 characters (RFC 1035, 2.3.4).
  return `${label.slice(0, 50)}--${end.kind === 'tcp' ? end.port : 0}.localhost`
}

/** What a browser opens. */
export function browserUrl(
  workspaceName: string,
  draft: TunnelDraft,
  listening: TunnelEnd | null,
): string | null {
  if (draft.kind !== 'local' || listening?.kind !== 'tcp') return null
  if (draft.https) return `https://${httpsName(workspaceName, draft)}:${listening.port}/`
  return `http://${reachableHost(listening.host)}:${listening.port}/`
}

function reachableHost(host: string): string {
  if (host === '127.0.0.1' || host === '0.0.0.0' || host === '::' || host === '::1') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}

/** The socket file of this computer that a tunnel uses, if it does. */
export function localSocket({ kind, listen, target }: TunnelDraft): string | undefined {
  const end = kind === 'remote' ? target : listen
  return end?.kind === 'socket' ? end.path : undefined
}

/** Whether both would listen on the same port of this computer, or on the same one in a workspace. */
export function sharesPort(
  a: { readonly workspaceId: string; readonly draft: TunnelDraft },
  b: { readonly workspaceId: string; readonly draft: TunnelDraft },
): boolean {
  const isRemote = a.draft.kind === 'remote'
  if (isRemote !== (b.draft.kind === 'remote')) return false
  if (isRemote && a.workspaceId !== b.workspaceId) return false
  const [one, other] = [a.draft.listen, b.draft.listen]
  if (one.kind === 'socket') return other.kind === 'socket' && one.path === other.path
  return other.kind === 'tcp' && one.port !== 0 && one.port === other.port
}
