import { useState } from 'react'
import { useRead } from '../../api/use-call.ts'
import { lastDays } from './usage-period.ts'

/** People who can get a limit of their own: a deployment names those who have used an agent. */
export function useKnownPeople(deploymentId: string) {
  const [period] = useState(() => lastDays(365, Date.now()))
  const read = useRead('chatGovernance.usersCost', {
    deploymentId,
    ...period,
    username: '',
    limit: 100,
    offset: 0,
  })
  return {
    isPending: read.isPending,
    error: read.error,
    options: (read.data?.users ?? []).map(({ user_id: value, username, name }) => ({
      value,
      label: username,
      ...(name === '' || name === username ? {} : { description: name }),
    })),
  }
}
