import { expect, it } from 'vitest'
import { sampleTemplate } from '../../testing/wire-samples.ts'
import { templateFacts } from './template-facts.ts'

it('tells what was measured', () => {
  const template = sampleTemplate({
    active_user_count: 214,
    build_time_stats: { start: { P50: 70_000, P95: 90_000 } },
  })
  expect(templateFacts(template)).toEqual(['Usually starts in 1:10', '214 people use it'])
})

it('says nothing of what the deployment does not know', () => {
  expect(templateFacts(sampleTemplate({ active_user_count: -1, build_time_stats: {} }))).toEqual([])
  expect(
    templateFacts(
      sampleTemplate({ active_user_count: 0, build_time_stats: { start: { P50: null, P95: null } } }),
    ),
  ).toEqual([])
})
