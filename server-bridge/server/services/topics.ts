/** Who waits for changes of one thing, by its id. */
export interface Topic {
  publish(id: string): void
  /** Returns the function that ends the subscription. */
  subscribe(id: string, listener: () => void): () => void
}

/** The deployment's in-process events: they say that something changed, the reader then asks what. */
export interface Topics {
  readonly workspace: Topic
  /** A job's rows or its state. */
  readonly job: Topic
  readonly agentLogs: Topic
  /** A measured value of an agent. */
  readonly agentMetadata: Topic
}

function createTopic(): Topic {
  const listeners = new Map<string, Set<() => void>>()
  return {
    publish(id) {
      for (const listener of [...(listeners.get(id) ?? [])]) listener()
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

export function createTopics(): Topics {
  return {
    workspace: createTopic(),
    job: createTopic(),
    agentLogs: createTopic(),
    agentMetadata: createTopic(),
  }
}
