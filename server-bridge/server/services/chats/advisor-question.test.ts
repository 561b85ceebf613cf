import { describe, expect, it } from 'vitest'
import { advisorQuestion } from './advisor-question.ts'
import type { StoredMessage, StoredPart } from './stored-parts.ts'

const said = (role: StoredMessage['role'], ...parts: StoredPart[]): StoredMessage => ({ id: 1, role, parts })
const text = (words: string): StoredPart => ({ type: 'text', text: words })
const call: StoredPart = {
  type: 'tool-call',
  tool_call_id: 'c',
  tool_name: 'advisor',
  args: { question: 'enough?' },
}
const asked = { question: 'enough?', callId: 'c', contextLimit: 200_000 }
const textsOf = ({ parts }: StoredMessage): string[] =>
  parts.map((part) => (part.type === 'text' ? part.text : ''))

describe('what the advisor is asked', () => {
  it('is the question last, after what was said and what the agent was told', () => {
    const history = [
      said('system', text('Be brief.')),
      said('user', text('Cap it.')),
      said('assistant', text('I ask first.'), call),
    ]
    const [told, conversation, question, ...others] = textsOf(advisorQuestion(history, asked))
    expect(told).toContain('Be brief.')
    expect(conversation).toMatch(/User: Cap it\.\n\nAssistant: I ask first\.$/)
    // It is not said twice.
    expect(conversation).not.toContain('enough?')
    expect(question).toMatch(/enough\?$/)
    expect(others).toEqual([])
  })

  it('says nothing of instructions where there are none', () => {
    expect(textsOf(advisorQuestion([said('user', text('Cap it.'))], asked))).toHaveLength(2)
  })

  it('fits into the context of its model, with the beginning and the end of what was said', () => {
    const history = [
      said('system', text('told '.repeat(50_000))),
      ...Array.from({ length: 100 }, (_, at) => said('user', text(`message ${at} ${'x'.repeat(2000)}`))),
    ]
    for (const contextLimit of [8000, 200_000]) {
      const message = advisorQuestion(history, { ...asked, contextLimit })
      const whole = textsOf(message).join('')
      expect(whole.length).toBeLessThan(Math.min(48_000, contextLimit) + 300)
      expect(whole).toContain('message 0 ')
      expect(whole).toContain('x'.repeat(1000))
      expect(textsOf(message).at(-1)).toMatch(/enough\?$/)
    }
  })
})
