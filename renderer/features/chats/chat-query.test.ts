import { expect, it } from 'vitest'
import { chatQuery, noFilter } from './chat-query.ts'

it.each([
  [noFilter, ''],
  [{ ...noFilter, text: '  retry   policy ' }, 'title:"retry policy"'],
  [{ ...noFilter, text: 'say "hi" archived:true' }, 'title:"say hi archived:true"'],
  [{ text: 'a', archived: true, unread: true }, 'archived:true has_unread:true title:"a"'],
])('puts plain words into the syntax of the server', (filter, q) => expect(chatQuery(filter)).toBe(q))
