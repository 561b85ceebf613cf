/** What a deployment switches on before it is finished, by Coder's names (`codersdk.Experiment`), as far as something depends on them. */

/** Chats show the virtual desktop of their workspace (agents-api 8.4). */
export const virtualDesktopExperiment = 'chat-virtual-desktop'

/** Those the local deployment knows. */
export const experiments = [virtualDesktopExperiment] as const
export type Experiment = (typeof experiments)[number]
