import { expect, test } from 'vitest'
import { labelOf, parseGraph } from './dependency-graph.ts'

test('reads who needs whom, nearest first', () => {
  const graph = parseGraph(`digraph G {
  rankdir = "RL";
  "a.one" [label="a.one"];
  "b.two" -> "a.one";
  "c.three" -> "b.two";
  "b.other" -> "a.one";
}`)
  expect(graph.dependents('a.one')).toEqual([
    { label: 'b.other', distance: 1 },
    { label: 'b.two', distance: 1 },
    { label: 'c.three', distance: 2 },
  ])
  expect(graph.dependencies('c.three').map(({ label }) => label)).toEqual(['b.two', 'a.one'])
  expect(graph.dependents('nobody')).toEqual([])
})

test('reads the older form without what only orders the work', () => {
  const graph = parseGraph(`digraph {
  "[root] coder_agent.main (expand)" -> "[root] provider[\\"registry.terraform.io/coder/coder\\"]"
  "[root] local.script (expand)" -> "[root] coder_agent.main (expand)"
  "[root] docker_container.x (expand)" -> "[root] local.script (expand)"
  "[root] provider[\\"registry.terraform.io/coder/coder\\"] (close)" -> "[root] coder_agent.main (expand)"
  "[root] root" -> "[root] docker_container.x (expand)"
}`)
  expect(graph.dependents('coder_agent.main').map(({ label }) => label)).toEqual([
    'local.script',
    'docker_container.x',
  ])
})

test('ends where blocks need each other in a circle', () => {
  expect(parseGraph('"a" -> "b"\n"b" -> "a"\n').dependents('a')).toEqual([{ label: 'b', distance: 1 }])
})

test.each([
  ['docker_container.x[0]', 'docker_container.x'],
  ['module.m["a"].docker_container.x["b\\"]"]', 'module.m.docker_container.x'],
])('%s is drawn as %s', (address, label) => {
  expect(labelOf(address)).toBe(label)
})
