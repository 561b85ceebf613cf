/** Links into the app from outside of it: asked about, and only ever to a deployment in the list. */
import type { Logger } from '#bridge/lib/logger'
import type { Desktop } from '../../ports/desktop.ts'

interface ChatLink {
  readonly kind: 'chat' | 'desktop'
  /** With its port; `local` is the local deployment. */
  readonly host: string
  readonly chatId: string
}

interface KnownDeployment {
  readonly id: string
  readonly name: string
  /** Empty: not known yet. */
  readonly url: string
}

export interface DeepLinksDeps {
  readonly desktop: Pick<Desktop, 'ask'>
  readonly parse: (text: string) => ChatLink | undefined
  readonly deployments: () => readonly KnownDeployment[]
  readonly openChat: (deploymentId: string, chatId: string) => void
  readonly openDesktop: (deploymentId: string, chatId: string) => void
  readonly logger: Logger
}

export interface DeepLinks {
  /** Asks, and shows the chat once the user agrees. While a question is open, further links are passed over. */
  open(text: string): Promise<void>
}

/** Makes the gate. */
export function createDeepLinks(deps: DeepLinksDeps): DeepLinks {
  const { desktop, logger } = deps
  let isAsking = false

  const ask = async (link: ChatLink): Promise<void> => {
    const deployment = find(deps.deployments(), link.host)
    if (deployment === undefined) {
      await desktop.ask({
        message: `${link.host} is not in your list of deployments`,
        detail: 'A link asked to open a chat there. Add the deployment first, then open the link again.',
        buttons: ['Close'],
        cancel: 0,
      })
      return
    }
    const answer = await desktop.ask({
      message: `Open ${what[link.kind]} on ${deployment.name}?`,
      detail: `A link from outside of Outpost asks for it.\n\nDeployment: ${link.host}\nChat: ${link.chatId}`,
      buttons: ['Open', 'Cancel'],
      cancel: 1,
    })
    if (answer !== 0) return
    const open = link.kind === 'desktop' ? deps.openDesktop : deps.openChat
    open(deployment.id, link.chatId)
  }

  return {
    async open(text) {
      const link = deps.parse(text)
      if (link === undefined) {
        logger.warn('A link into the app was not understood')
        return
      }
      // A page can follow links as fast as it likes.
      if (isAsking) return
      isAsking = true
      try {
        await ask(link)
      } finally {
        isAsking = false
      }
    },
  }
}

const what = { chat: 'a chat', desktop: 'the desktop of a chat' } as const

function find(deployments: readonly KnownDeployment[], host: string): KnownDeployment | undefined {
  if (host === 'local') return deployments.find(({ id }) => id === 'local')
  return deployments.find(({ url }) => url !== '' && new URL(url).host === host)
}
