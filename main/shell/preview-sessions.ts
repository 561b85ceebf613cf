/** Sessions of previews: each app has one of its own in memory, which asks for what the policy allows and forgets all. */
import { session, type Session } from 'electron'
import { withPreviewSandbox } from '../security/app-preview-sandbox.ts'
import { mayPreviewNavigate, mayPreviewRequest, type PreviewScope } from '../security/app-preview.ts'

export interface PreviewSession {
  readonly partition: string
  /** Once nothing is left of what was stored before. */
  readonly ready: Promise<void>
  clear(): void
}

/** Makes them. Sessions are never freed by Electron, so that one app shown again gets its own back, empty. */
export function createPreviewSessions(onError: (error: unknown) => void) {
  const clearing = new Map<string, Promise<void>>()
  const numbers = new Map<string, number>()
  return (key: string, scope: PreviewScope): PreviewSession => {
    const number = numbers.get(key) ?? numbers.size + 1
    numbers.set(key, number)
    const partition = `app-preview-${number}`
    const own = session.fromPartition(partition, { cache: false })
    holdToScope(own, scope)
    return {
      partition,
      ready: clearing.get(key) ?? Promise.resolve(),
      clear: () => void clearing.set(key, clear(own).catch(onError)),
    }
  }
}

function holdToScope(own: Session, scope: PreviewScope): void {
  own.webRequest.onBeforeRequest(({ url, resourceType }, answer) => {
    const isPage = resourceType === 'mainFrame'
    answer({ cancel: isPage ? !mayPreviewNavigate(scope, url, true) : !mayPreviewRequest(scope, url) })
  })
  own.webRequest.onHeadersReceived(({ responseHeaders = {}, resourceType }, answer) => {
    const isDocument = resourceType === 'mainFrame' || resourceType === 'subFrame'
    answer(isDocument ? { responseHeaders: withPreviewSandbox(responseHeaders) } : {})
  })
}

async function clear(own: Session): Promise<void> {
  await own.closeAllConnections()
  await Promise.all([
    own.clearStorageData(),
    own.clearCache(),
    own.clearAuthCache(),
    own.clearHostResolverCache(),
  ])
}
