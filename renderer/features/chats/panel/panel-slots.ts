import type { ReactNode } from 'react'
import type { Chat } from '#bridge/contract/chats'
import type { Deployment } from '#ipc/deployments'
import type { DraftReference } from '../composer/draft.ts'

/** Tabs beside a conversation, in order. */
export const panelTabs = [
  'changes',
  'files',
  'plan',
  'summary',
  'terminal',
  'apps',
  'desktop',
  'cost',
  'debug',
] as const
export type PanelTab = (typeof panelTabs)[number]

/** An app of the chat's workspace with a tab of its own. By names: agents are new with each build. */
export interface PanelApp {
  readonly agent: string
  readonly slug: string
  readonly name: string
}

/** Gives apps tabs of their own, and takes those away. */
export interface PanelApps {
  readonly show: (app: PanelApp) => void
  readonly close: (app: PanelApp) => void
}

/** What a part of the panel knows, and what it can do for the chat. */
export interface PanelContext {
  readonly deployment: Deployment
  readonly chat: Chat
  /** Whether the user may write in this chat. */
  readonly isMine: boolean
  /** The deployment shows desktops of workspaces, or it takes a look to know. */
  readonly hasDesktop: boolean
  /** Puts lines of a file, and a remark about them, to what is being written. */
  readonly addReference: (reference: DraftReference, remark: string) => void
  /** Sends a message of its own, beside what is being written. */
  readonly send: (text: string) => Promise<void>
  /** Absent: nothing has a tab of its own. */
  readonly apps?: PanelApps | undefined
}

/** What tells whether a part has something. */
export type PanelSubject = Pick<PanelContext, 'chat' | 'isMine' | 'hasDesktop'>

export interface PanelSlot {
  /** Left out: always. */
  readonly isFor?: (subject: PanelSubject) => boolean
  readonly render: (context: PanelContext) => ReactNode
}

/** The parts of the panel. A tab shows only when there is one, and it has something for this chat. */
export type PanelSlots = Readonly<Partial<Record<PanelTab, PanelSlot>>> & {
  /** The tab of one app. */
  readonly app?: {
    readonly isFor: (subject: PanelSubject) => boolean
    readonly render: (context: PanelContext, app: PanelApp) => ReactNode
  }
}
