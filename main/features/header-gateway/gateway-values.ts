import { ProcedureError } from '../../lib/procedure-error.ts'
import type { McpTarget } from '../mcp-servers/mcp-target.ts'

/** Servers take 8 to 64 KiB of headers; and the gateway looks for every value in all that a server answers. */
const maxKibibytes = 64

/** @throws {ProcedureError} `values_too_large` */
export function requireGatewayValues({ config, headers }: Pick<McpTarget, 'config' | 'headers'>): void {
  const characters = Object.values(headers).reduce((sum, { length }) => sum + length, 0)
  if (characters <= maxKibibytes * 1024) return
  const size = Math.ceil(characters / 1024).toLocaleString('en')
  throw new ProcedureError(
    'values_too_large',
    `Your values for ${config.display_name || config.slug} have ${size} KiB together, and a gateway carries ${maxKibibytes} KiB. Check them.`,
  )
}
