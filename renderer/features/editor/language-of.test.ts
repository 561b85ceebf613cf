import { expect, it } from 'vitest'
import { languageOfText } from './language-of.ts'

it.each([
  ['#!/bin/sh\n', 'shell'],
  ['#!/usr/bin/env python3.12\nprint()', 'python'],
  ['#!/usr/bin/env node', 'javascript'],
  ['<?xml version="1.0"?>', 'xml'],
  ['<!DOCTYPE html>', 'html'],
  ['diff --git a/x b/x', 'diff'],
  ['#!/opt/own/thing', undefined],
  ['hello', undefined],
])('reads the language of %j', (text, language) => {
  expect(languageOfText(text)).toBe(language)
})
