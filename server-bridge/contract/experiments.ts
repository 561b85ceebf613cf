/** What a deployment switches on before it is finished, by Coder's names (`codersdk.Experiment`), as far as something depends on them. */

/** Chats show the virtual desktop of their workspace (agents-api 8.4). */
export const virtualDesktopExperiment = 'chat-virtual-desktop'
/** Agents of chats ask another model for advice (agents-api 9.1). */
export const advisorExperiment = 'chat-advisor'

/** Those the local deployment knows. */
export const experiments = [advisorExperiment, virtualDesktopExperiment] as const
export type Experiment = (typeof experiments)[number]
