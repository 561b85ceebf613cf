import type { LanguageModelV3ProviderTool as ProviderTool } from '@ai-sdk/provider'
import { desktopScreen } from '../../../contract/desktop-actions.ts'
import type { AiProviderRow } from './ai-providers.ts'

/** The name of the tool, as parts of messages have it (agents-api 11). */
export const COMPUTER = 'computer'

type Driver = 'computer_20250124' | 'computer_20251124' | 'computerToolset_20260801'

/** Claude before there was such a tool, or without it. */
const WITHOUT = /claude-(?:instant|2|3-(?:opus|sonnet|haiku|5-haiku))/i
/** Those that know an older form of the tool alone. A name that says nothing is taken for one of the newest. */
const OLDER: readonly (readonly [RegExp, Driver])[] = [
  [/claude-3-[57]-sonnet/i, 'computer_20250124'],
  [/claude-(?:sonnet|opus)-4(?:-[01])?(?:$|-\d{8}|[@:])/i, 'computer_20250124'],
  [/claude-(?:sonnet|haiku)-4-5/i, 'computer_20250124'],
  [/claude-(?:opus-4-[567]|sonnet-4-[67]|haiku-4-[67])/i, 'computer_20251124'],
]

export interface Driving {
  readonly provider: Pick<AiProviderRow, 'type'>
  readonly model: string
}

/** Which form of the tool for computers a model is given; undefined: it, or our client of its provider, has none. */
function driverFor({ provider, model }: Driving): Driver | undefined {
  if (provider.type !== 'anthropic' || WITHOUT.test(model)) return undefined
  return OLDER.find(([pattern]) => pattern.test(model))?.[1] ?? 'computerToolset_20260801'
}

/** Whether a model can act on a desktop. */
export const drivesComputers = (driving: Driving): boolean => driverFor(driving) !== undefined

/** The tool as the client of the provider takes it. */
export async function computerToolFor(driving: Driving): Promise<ProviderTool[]> {
  const driver = driverFor(driving)
  if (driver === undefined) return []
  const { anthropic } = await import('@ai-sdk/anthropic')
  const screen = { displayWidthPx: desktopScreen.width, displayHeightPx: desktopScreen.height }
  // Pictures have every pixel of the screen, so that there is nothing to look at closer.
  const tool =
    driver === 'computerToolset_20260801'
      ? anthropic.tools.computerToolset_20260801({ configs: { zoom: { enabled: false } } })
      : anthropic.tools[driver](screen)
  const { id, args } = tool as unknown as Pick<ProviderTool, 'id' | 'args'>
  return [{ type: 'provider', name: COMPUTER, id, args }]
}
