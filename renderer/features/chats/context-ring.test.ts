import { expect, it } from 'vitest'
import { sampleMessage } from '../../testing/chat-samples.ts'
import { contextUse } from './context-ring.tsx'

it('counts the last answer that told its tokens, cached ones too', () => {
  const usage = {
    input_tokens: 10,
    cache_read_tokens: 60,
    cache_creation_tokens: 5,
    output_tokens: 9,
    context_limit: 200,
  }
  const said = [
    sampleMessage(1, 'a', { usage: { ...usage, input_tokens: 1 } }),
    sampleMessage(2, 'b', { usage }),
    sampleMessage(3, 'c'),
  ]
  expect(contextUse(said)).toEqual({ used: 84, limit: 200, input: 10, cached: 65, output: 9 })
  expect(contextUse([sampleMessage(1, 'a', { usage: { input_tokens: 3 } })])).toBeUndefined()
})
