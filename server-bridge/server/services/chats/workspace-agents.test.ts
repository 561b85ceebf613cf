import { expect, it } from 'vitest'
import type { AgentPlace } from '../agent-records.ts'
import { chooseAgent } from './workspace-agents.ts'

const place = (name: string) => ({ agent: { id: name, name } }) as AgentPlace

it('of a workspace that names two agents for chats none is chosen, and whoever asks is told why', () => {
  expect(() => chooseAgent([place('a-coderd-chat'), place('b-coderd-chat')])).toThrow(
    expect.objectContaining({
      status: 400,
      message: expect.stringContaining('2 agents for chats') as string,
    }),
  )
  expect(chooseAgent([place('a'), place('b-coderd-chat')])).toBe('b-coderd-chat')
})
