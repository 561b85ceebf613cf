/**
 * Where the page of a workspace's app may go and what it may ask for, while it is shown inside of the app's window. The
 * page is hostile: a template or an agent wrote it. Everything that is not said here is refused.
 */
import { parseUrl } from './origin.ts'

export interface PreviewScope {
  /** The one origin whose pages are the app's. */
  readonly origin: string
  /** Of path apps the app's own path; `/` where it has a host of its own. Ends with a slash. */
  readonly prefix: string
  readonly deployment: URL
}

const appPath = /^\/@[^/]+\/[^/]+\/apps\/[^/]+\//

/** The scope of an app by the address that opens it; `undefined` where that is none of the deployment's apps. */
export function previewScope(address: string, deploymentUrl: string): PreviewScope | undefined {
  const [url, deployment] = [parseUrl(address), parseUrl(deploymentUrl)]
  if (url === null || deployment === null || !isWeb(url) || url.protocol !== deployment.protocol)
    return undefined
  if (url.username !== '' || url.password !== '') return undefined
  if (url.origin !== deployment.origin) return { origin: url.origin, prefix: '/', deployment }
  const prefix = appPath.exec(url.pathname)?.[0]
  return prefix === undefined ? undefined : { origin: url.origin, prefix, deployment }
}

/** Whether an address is one of the app's own. */
export function isInScope({ origin, prefix }: PreviewScope, address: string): boolean {
  const url = parseUrl(address)
  return url !== null && isWeb(url) && url.origin === origin && url.pathname.startsWith(prefix)
}

/** Whether a frame of the preview may go to an address: the page itself inside of its app, others as in a browser. */
export function mayPreviewNavigate(scope: PreviewScope, address: string, isMainFrame: boolean): boolean {
  if (isMainFrame) return isInScope(scope, address)
  if (/^(?:about:(?:blank|srcdoc)(?:[?#]|$)|blob:https?:|data:)/i.test(address)) return true
  return mayPreviewRequest(scope, address)
}

/**
 * Whether anything of the preview may be asked for: of the web only, and of the deployment nothing but the app itself.
 * Every other name of this computer at the deployment's port is the deployment, too.
 */
export function mayPreviewRequest(scope: PreviewScope, address: string): boolean {
  const url = parseUrl(address)
  if (url === null || !(isWeb(url) || isSocket(url))) return false
  const asked = isSocket(url) ? `http${address.slice(2)}` : address
  return isInScope(scope, asked) || !isDeployment(scope.deployment, url)
}

/** The path inside of the app, without query and fragment: the query of the first address is the ticket. */
export function previewPath(scope: PreviewScope, address: string): string {
  const url = parseUrl(address)
  if (url === null || !isInScope(scope, address)) return '/'
  return `/${url.pathname.slice(scope.prefix.length)}`.slice(0, 500)
}

/** Whether an address is the deployment itself, not the app. */
export function isOfDeployment(scope: PreviewScope, address: string): boolean {
  const url = parseUrl(address)
  return url !== null && isWeb(url) && !isInScope(scope, address) && isDeployment(scope.deployment, url)
}

function isDeployment(deployment: URL, url: URL): boolean {
  if (portOf(url) !== portOf(deployment)) return false
  return nameOf(url) === nameOf(deployment) || (isHere(deployment) && isHere(url))
}

const nameOf = ({ hostname }: URL): string => hostname.replace(/\.$/, '')

/** Any name or address of this computer itself. */
function isHere(url: URL): boolean {
  return /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1?\]|\[::ffff:(?:7f|0:).*\])$/.test(
    nameOf(url),
  )
}

function portOf({ protocol, port }: URL): string {
  if (port !== '') return port
  return protocol === 'https:' || protocol === 'wss:' ? '443' : '80'
}

const isWeb = ({ protocol }: URL): boolean => protocol === 'http:' || protocol === 'https:'
const isSocket = ({ protocol }: URL): boolean => protocol === 'ws:' || protocol === 'wss:'
