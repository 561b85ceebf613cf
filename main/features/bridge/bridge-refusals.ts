/** Whether the bridge takes what is asked of it: it drops what its contract does not have, and nothing would be told. */
import { gatewayHeaderMaxChars, openGatewaySchema, type OpenGateway } from '#bridge/contract/header-gateway'
import { mainToBridgeSchema, type MainToBridge } from '#bridge/contract/bridge-port'
import { ProcedureError } from '../../lib/procedure-error.ts'

/** @throws {ProcedureError} `target_unusable` with what to change; no value is in it. */
export function requireTaken(
  message: OpenGateway | Extract<MainToBridge, { readonly type: 'test-mcp' }>,
): void {
  const parsed = (message.type === 'open-gateway' ? openGatewaySchema : mainToBridgeSchema).safeParse(message)
  if (!parsed.success)
    throw new ProcedureError('target_unusable', wordsOf(parsed.error.issues[0]?.path ?? []))
}

function wordsOf(path: readonly PropertyKey[]): string {
  if (path.includes('name'))
    return 'The slug of this server is too long for a gateway. An administrator has to shorten it to 200 characters.'
  if (path.includes('url'))
    return 'The address of this server starts with neither https:// nor http://. An administrator has to change it.'
  if (path.at(-1) === 'headers')
    return `The values of this server's headers are too long together: there is room for ${String(gatewayHeaderMaxChars / 1024)} KiB. Save shorter ones.`
  if (path.includes('headers'))
    return 'A header of this server has a name or a value that no request can carry, e.g. with a line break. Save the value again, or ask an administrator about the name.'
  return 'This server cannot be reached from this computer as it is set up. Ask an administrator to look at its settings.'
}
