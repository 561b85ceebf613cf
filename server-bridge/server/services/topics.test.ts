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
