/** Where an app of a workspace is found in a browser. What a server says of it is hostile until looked at. */
import type { WorkspaceApp } from '#bridge/contract/workspace-apps'

/** In the address of an external app Coder's page puts a session token; ours are for nobody but the deployment. */
export const tokenMark = '$SESSION_TOKEN'

export interface AppPlace {
  readonly deploymentUrl: string
  readonly ownerName: string
  readonly workspaceName: string
  readonly agentName: string
}

/**
 * The address of an app with a page, on a deployment as Coder is: its own host where the deployment has such
 * (`*.apps.example.com`, empty for none), else a path of the deployment's.
 */
export function hostedAddress(app: WorkspaceApp, place: AppPlace, wildcardHost: string): string | undefined {
  const { protocol } = new URL(place.deploymentUrl)
  const label = app.subdomain_name ?? ''
  const hosted =
    app.subdomain && label !== '' && wildcardHost.startsWith('*')
      ? `${protocol}//${wildcardHost.replace('*', () => label)}/`
      : undefined
  if (hosted !== undefined) return URL.canParse(hosted) ? hosted : undefined
  const { ownerName, workspaceName, agentName } = place
  const names = `@${encodeURIComponent(ownerName)}/${encodeURIComponent(workspaceName)}.${encodeURIComponent(agentName)}`
  return new URL(`/${names}/apps/${encodeURIComponent(app.slug)}/`, place.deploymentUrl).href
}

/** Whether an address is the deployment's own: its host, one below that, or beside a deployment of this computer. */
export function isOfDeployment(address: string, deploymentUrl: string): boolean {
  if (!URL.canParse(address)) return false
  const [url, own] = [new URL(address), new URL(deploymentUrl)]
  if (url.protocol !== own.protocol) return false
  if (url.host === own.host) return true
  // Browsers take such names to this computer (RFC 6761, 6.3), where the deployment is, too. Another port is somebody else.
  if (isLoopback(own.hostname)) return url.hostname.endsWith('.localhost') && url.port === own.port
  return url.hostname.endsWith(`.${own.hostname}`)
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}
