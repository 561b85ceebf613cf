import type { RpcClient } from '../api/rpc-client.ts'

/** Tells main's log about an error of the window. Answers nothing: the log being away must not make more errors. */
export function reportError(client: RpcClient, error: unknown, where: string): void {
  const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined }
  client
    .call('app.reportError', {
      message: message.slice(0, 4000),
      stack: (stack ?? '').slice(0, 16_000),
      where: where.slice(0, 200),
    })
    .catch(() => undefined)
}

/** Reports what nobody caught. */
export function reportWindowErrors(client: RpcClient): void {
  window.addEventListener('error', ({ error, message }) => reportError(client, error ?? message, 'window'))
  window.addEventListener('unhandledrejection', ({ reason }) => reportError(client, reason, 'promise'))
}
