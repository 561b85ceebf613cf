import { runAll } from '../../lib/run-all.ts'

/** Who waits for changes of one thing, by its id. */
export interface Topic {
  publish(id: string): void
  /** Returns the function that ends the subscription. */
  subscribe(id: string, listener: () => void): () => void
}

/** Who waits for changes of anything of a kind; they are told its id. */
export interface Feed {
  publish(id: string): void
  /** Returns the function that ends the subscription. */
  subscribe(listener: (id: string) => void): () => void
}

/** The deployment's in-process events: they say that something changed, the reader then asks what. */
export interface Topics {
  readonly workspace: Topic
  /** A chat's rows, by its id. */
  readonly chat: Topic
  /** A job's rows or its state. */
  readonly job: Topic
  readonly agentLogs: Topic
  /** A measured value of an agent. */
  readonly agentMetadata: Topic
  /** A template's policy or its active version, by the template's id. */
  readonly template: Topic
  /** A key of a user ended, or the user may not sign in any more, by the user's id. */
  readonly userKeys: Topic
  /** Every build that is queued or changes its state. */
  readonly builds: Feed
}

function createTopic(): Topic {
  const listeners = new Map<string, Set<() => void>>()
  return {
    publish(id) {
      runAll([...(listeners.get(id) ?? [])])
    },
    subscribe(id, listener) {
      const group = listeners.get(id) ?? new Set()
      listeners.set(id, group)
      group.add(listener)
      return () => {
        group.delete(listener)
        if (group.size === 0 && listeners.get(id) === group) listeners.delete(id)
      }
    },
  }
}

function createFeed(): Feed {
  const listeners = new Set<(id: string) => void>()
  return {
    publish(id) {
      runAll([...listeners].map((listener) => () => listener(id)))
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

export function createTopics(): Topics {
  return {
    workspace: createTopic(),
    chat: createTopic(),
    job: createTopic(),
    agentLogs: createTopic(),
    agentMetadata: createTopic(),
    template: createTopic(),
    userKeys: createTopic(),
    builds: createFeed(),
  }
}
