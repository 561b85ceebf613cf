/** The pull request of a chat, as far as the deployment knows it from the forge. */
import type { Chat } from '#bridge/contract/chats'
import { oneLine } from './transcript/hostile-text.ts'
import { webHost } from './transcript/web-host.ts'

/** In the order in which one goes through them, by the words of the server's search. */
export const pullRequestStates = ['draft', 'open', 'merged', 'closed'] as const
export type PullRequestState = (typeof pullRequestStates)[number]

type WithDiff = Pick<Chat, 'diff_status'>

/** Where the pull request stands; nothing where there is none, or in a state of a newer server. */
export function pullRequestState({ diff_status: diff }: WithDiff): PullRequestState | undefined {
  const state = pullRequestStates.find((known) => known === diff?.pull_request_state)
  return state === 'open' && diff?.pull_request_draft ? 'draft' : state
}

/** The same in words, with what reviewers said. */
export function pullRequestWords(chat: WithDiff): string | undefined {
  const diff = chat.diff_status
  const name = diff?.pr_number === undefined ? 'PR' : `PR ${diff.pr_number}`
  switch (pullRequestState(chat)) {
    case 'draft':
    case 'open':
      if (diff?.changes_requested) return `${name}, changes requested`
      if (diff?.approved === true) return `${name} approved`
      return `${name} ${diff?.pull_request_draft ? 'draft' : 'open'}`
    case 'merged':
      return `Merged in ${name}`
    case 'closed':
      return `${name} closed`
    case undefined:
      return undefined
  }
}

/** A page of the forge that shows the work of a chat. */
export interface ForgePage {
  readonly url: string
  readonly state: PullRequestState | undefined
  readonly words: string
  /** More about it, before somebody goes there: its title, its branches, and which host that is. */
  readonly about: string
}

/** Where the work of a chat is looked at outside of the app: its pull request, else its branch. */
export function forgePage(chat: WithDiff): ForgePage | undefined {
  const diff = chat.diff_status
  const host = webHost(diff?.url)
  if (diff?.url === undefined || host === undefined) return undefined
  const branches = [diff.base_branch, diff.head_branch].flatMap((name) => (name ? [oneLine(name, 100)] : []))
  const parts = [oneLine(diff.pull_request_title, 200), branches.join(' ← '), `on ${host}`]
  return {
    url: diff.url,
    state: pullRequestState(chat),
    words: pullRequestWords(chat) ?? `Branch on ${host}`,
    about: parts.filter((part) => part !== '').join(', '),
  }
}
