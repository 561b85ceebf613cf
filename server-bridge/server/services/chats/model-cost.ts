import type { ChatMessageUsage } from '../../../contract/chats-messages.ts'
import type { ChatModelCost } from '../../../contract/chats-models.ts'

const SCALE_DIGITS = 9
const SCALE = 10n ** BigInt(SCALE_DIGITS)

/** A decimal in billionths, exactly; numbers of JavaScript would round some prices. */
function scaled(decimal: string): bigint {
  const [whole = '0', fraction = ''] = decimal.split('.')
  return BigInt(whole) * SCALE + BigInt(fraction.slice(0, SCALE_DIGITS).padEnd(SCALE_DIGITS, '0'))
}

/** Whether calls of a model with these prices are counted as costing anything. */
export const isPriced = (cost: ChatModelCost | undefined): boolean =>
  cost !== undefined && Object.values(cost).some((price) => price !== undefined)

/**
 * What a call cost in millionths of a USD, rounded up: a price for a million tokens times tokens is just that.
 * `undefined` where the model has no price.
 */
export function costMicros(cost: ChatModelCost | undefined, usage: ChatMessageUsage): number | undefined {
  if (cost === undefined || !isPriced(cost)) return undefined
  const total = (
    [
      [cost.input_price_per_million_tokens, usage.input_tokens],
      [cost.output_price_per_million_tokens, usage.output_tokens],
      [cost.cache_read_price_per_million_tokens, usage.cache_read_tokens],
      [cost.cache_write_price_per_million_tokens, usage.cache_creation_tokens],
    ] as const
  ).reduce((sum, [price = '0', tokens = 0]) => sum + scaled(price) * BigInt(tokens), 0n)
  return Number((total + SCALE - 1n) / SCALE)
}
