/**
 * The exceptions to the rule that no page leaves the app's entry: contents that were registered by whoever made them,
 * with what they may do instead. Whatever is not in here is held to the rule.
 */
import type { WebContents } from 'electron'

export interface ContentsPolicy {
  mayNavigate(url: string, isMainFrame: boolean): boolean
  /** A main frame was kept from going there, by itself or by a redirect. */
  onRefused(url: string, how: 'navigation' | 'redirect' | 'window'): void
}

const policies = new WeakMap<WebContents, ContentsPolicy>()

/** To be called before anything is loaded. */
export function setContentsPolicy(contents: WebContents, policy: ContentsPolicy): void {
  policies.set(contents, policy)
}

/** `undefined` for everything but a preview. */
export function contentsPolicy(contents: WebContents): ContentsPolicy | undefined {
  return policies.get(contents)
}
