import { expect, it } from 'vitest'
import { createTopics } from './topics.ts'

it('tells the listeners of one id, until they leave', () => {
  const { job } = createTopics()
  const heard: string[] = []
  const leave = job.subscribe('a', () => heard.push('first'))
  // Leaving while being told must not skip the others.
  const leaveAtOnce = job.subscribe('a', () => {
    heard.push('second')
    leaveAtOnce()
  })
  job.subscribe('a', () => heard.push('third'))
  job.publish('b')
  job.publish('a')
  leave()
  job.publish('a')
  expect(heard).toEqual(['first', 'second', 'third', 'third'])
})

it('tells the others when a listener fails', () => {
  const { chat, builds } = createTopics()
  const heard: string[] = []
  const fail = (): never => {
    throw new Error('broken')
  }
  chat.subscribe('a', fail)
  chat.subscribe('a', () => heard.push('chat'))
  builds.subscribe(fail)
  builds.subscribe((id) => heard.push(id))
  expect(() => chat.publish('a')).toThrow('broken')
  expect(() => builds.publish('b')).toThrow('broken')
  expect(heard).toEqual(['chat', 'b'])
})
