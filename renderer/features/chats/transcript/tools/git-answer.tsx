import type { ReactNode } from 'react'
import { oneLine } from '../hostile-text.ts'
import { PlainText } from '../long-text.tsx'
import { CardBody, Mono } from '../tool-card.tsx'
import { textField } from '../tool-fields.ts'
import type { ToolCall } from '../transcript-rows.ts'
import type { ToolProps } from './tool-kind.ts'
import { argument, failureOf } from './tool-words.ts'

export function isTold(call: ToolCall): boolean {
  return call.state === 'done' && failureOf(call) === undefined && cutAnswer(call) === undefined
}

/** An answer that was too long for its model is only a text any more, without its middle. */
export function cutAnswer({ result }: ToolCall): (() => ReactNode) | undefined {
  const text = textField(result, 'output')
  return text === undefined
    ? undefined
    : () => (
        <CardBody>
          <PlainText text={text} />
        </CardBody>
      )
}

/** The path that was asked about. */
export function GitPlace({ call }: ToolProps) {
  const path = argument(call, 'path')
  return path === undefined || path === '.' ? 'the repository' : <Mono quiet>{oneLine(path)}</Mono>
}
