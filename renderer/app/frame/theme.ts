import { useEffect, useState } from 'react'

/** What a person chose. */
export type ThemePreference = 'system' | 'light' | 'dark' | 'hc'
/** What is painted. */
export type Theme = 'light' | 'dark' | 'hc'

/** What the system asks for. */
export interface SystemLook {
  readonly dark: boolean
  readonly moreContrast: boolean
}

/** The theme for a choice on this system. */
export function resolveTheme(preference: ThemePreference, system: SystemLook): Theme {
  if (preference !== 'system') return preference
  if (system.moreContrast) return 'hc'
  return system.dark ? 'dark' : 'light'
}

const queries = { dark: '(prefers-color-scheme: dark)', moreContrast: '(prefers-contrast: more)' }

/** Reads what the system asks for now. */
export function readSystemLook(): SystemLook {
  return { dark: matchMedia(queries.dark).matches, moreContrast: matchMedia(queries.moreContrast).matches }
}

/** Puts the theme on the page. Call it before the first render too, so that nothing flashes. */
export function paintTheme(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme
}

/** Keeps the page in the chosen theme, also when the system changes, and answers what is painted. */
export function useTheme(preference: ThemePreference): Theme {
  const [system, setSystem] = useState(readSystemLook)
  const theme = resolveTheme(preference, system)
  useEffect(() => {
    const lists = Object.values(queries).map((query) => matchMedia(query))
    const update = () => {
      setSystem(readSystemLook())
    }
    for (const list of lists) list.addEventListener('change', update)
    return () => {
      for (const list of lists) list.removeEventListener('change', update)
    }
  }, [])
  useEffect(() => {
    paintTheme(theme)
  }, [theme])
  return theme
}
