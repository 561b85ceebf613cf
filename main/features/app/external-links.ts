/** Leaving the app by a link: decided by policy, asked about where the policy says so. */
import { ProcedureError } from '../../lib/procedure-error.ts'
import type { Desktop } from '../../ports/desktop.ts'

type LinkDecision =
  | { readonly kind: 'open'; readonly url: string }
  | { readonly kind: 'ask'; readonly url: string; readonly target: string }
  | { readonly kind: 'refuse'; readonly reason: string }

type LinkSource = 'app' | 'terminal' | 'content' | 'page'

export interface ExternalLinksDeps {
  readonly desktop: Pick<Desktop, 'ask' | 'openExternal'>
  readonly decide: (
    url: string,
    context: { readonly source: LinkSource; readonly deploymentHosts: ReadonlySet<string> },
  ) => LinkDecision
  /** Addresses of the deployments in the list; empty ones are not known yet. */
  readonly deploymentUrls: () => readonly string[]
}

export interface ExternalLinks {
  /** True when it was opened. @throws {ProcedureError} `refused` */
  open(url: string, source: LinkSource): Promise<boolean>
}

/** Makes the gate. */
export function createExternalLinks({ desktop, decide, deploymentUrls }: ExternalLinksDeps): ExternalLinks {
  return {
    async open(url, source) {
      const hosts = deploymentUrls()
        .filter((known) => known !== '')
        .map((known) => new URL(known).host)
      const decision = decide(url, { source, deploymentHosts: new Set(hosts) })
      if (decision.kind === 'refuse') throw new ProcedureError('refused', decision.reason)
      if (decision.kind === 'ask') {
        const answer = await desktop.ask({
          message: `Open ${decision.target}?`,
          detail: decision.url,
          buttons: ['Open', 'Cancel'],
          cancel: 1,
        })
        if (answer !== 0) return false
      }
      await desktop.openExternal(decision.url)
      return true
    },
  }
}
