/** What the window of one chat's desktop loads, and the few calls it has. All others are refused as if there were none. */
import { appEntryUrl } from './origin.ts'

/** The one desktop that a window shows. */
export interface ShownDesktop {
  readonly deploymentId: string
  readonly chatId: string
}

/** The page of the renderer's one build that shows this desktop alone. */
export function desktopPageUrl({ deploymentId, chatId }: ShownDesktop): string {
  return `${appEntryUrl}#/desktop/${encodeURIComponent(deploymentId)}/${encodeURIComponent(chatId)}`
}

type Fits = (input: Readonly<Record<string, unknown>>, shown: ShownDesktop) => boolean

const isOfChat: Fits = ({ deploymentId, chatId }, shown) =>
  deploymentId === shown.deploymentId && chatId === shown.chatId
const isOfDeployment: Fits = ({ deploymentId }, shown) => deploymentId === shown.deploymentId
const always: Fits = () => true

/** By name; each is bound to the window's own chat, or to its deployment where main asks for a workspace. */
const calls: ReadonlyMap<string, Fits> = new Map([
  ['app.reportError', always],
  ['settings.watch', always],
  ['chats.watchChat', isOfChat],
  ['workspaces.watch', isOfDeployment],
  ['desktopWindows.watchPlace', isOfChat],
  ['desktopWindows.startWorkspace', isOfChat],
  ['desktopWindows.showChat', isOfChat],
])

/** Whether that window may make this call. `input` has been parsed. */
export function mayCallFromDesktop(shown: ShownDesktop, procedure: string, input: unknown): boolean {
  const fits = calls.get(procedure)
  if (fits === undefined || typeof input !== 'object' || input === null) return false
  return fits(input as Readonly<Record<string, unknown>>, shown)
}
