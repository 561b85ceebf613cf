import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { create } from 'zustand'
import type { Chat } from '#bridge/contract/chats'
import { useChange, useRead } from '../../api/use-call.ts'

/** Whether debug logging is on for the user; null where the deployment has none. */
export function useDebugLogging(deploymentId: string) {
  return useRead('chatDebug.logging', { deploymentId })
}

/** Switches it for the user. What is shown is brought up to date, also when somebody else has decided meanwhile. */
export function useDebugChanges(deploymentId: string) {
  const cache = useQueryClient()
  const options = {
    onSettled: () =>
      Promise.all(
        ['chatDebug.logging', 'chatDebug.rules'].map((name) =>
          cache.invalidateQueries({ queryKey: [name, { deploymentId }] }),
        ),
      ),
  }
  return {
    setLogging: useChange('chatDebug.setLogging', options),
    setRules: useChange('chatDebug.setRules', options),
  }
}

/** How often a run that is under way is looked at. */
const lookMs = 2000

/** The runs of a chat, read anew with each step of it and while one is under way: nothing tells of them by itself. */
export function useDebugRuns(deploymentId: string, chat: Pick<Chat, 'id' | 'status' | 'updated_at'>) {
  const chatId = chat.id
  const runs = useRead('chatDebug.runs', { deploymentId, chatId })
  const cache = useQueryClient()
  const state = `${chatId} ${chat.status} ${chat.updated_at}`
  const known = useRef(state)
  const isUnderWay = runs.data?.some(({ status }) => status === 'in_progress') === true
  useEffect(() => {
    const readAgain = () => {
      for (const name of ['chatDebug.runs', 'chatDebug.run'])
        void cache.invalidateQueries({ queryKey: [name, { deploymentId, chatId }] })
    }
    if (known.current !== state) readAgain()
    known.current = state
    if (!isUnderWay) return undefined
    const timer = setInterval(readAgain, lookMs)
    return () => clearInterval(timer)
  }, [cache, deploymentId, chatId, state, isUnderWay])
  return runs
}

/** Whether the settings of agents show those of debug logging: the panel beside a chat leads there. */
export const useDebugSettingsShown = create<{ readonly isShown: boolean }>(() => ({ isShown: false }))

export const showDebugSettings = (isShown: boolean): void => useDebugSettingsShown.setState({ isShown })
