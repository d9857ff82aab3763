import { afterEach, expect, test } from 'vitest';
import { initials, shortNames } from '../../../widget/text/name.ts';
import { elapsed, languageTag, say, speak, together } from '../../../widget/text/say.ts';

afterEach(() => speak('en'));

test('words take their parameters, and plurals their form', () => {
  expect(say('typing.one', { name: 'Priya' })).toBe('Priya is writing');
  expect(say('line.new', { count: 1 })).toBe('1 new message');
  expect(say('line.new', { count: 1200 })).toBe('1,200 new messages');
});

test('a name with braces is written as it is', () => {
  expect(say('notice.joined', { name: '{name} {helps}' })).toBe('{name} {helps} joined');
});

test('figures and lists follow the language where the words are still English', () => {
  speak('de-DE');
  expect(say('line.new', { count: 1200 })).toBe('1.200 new messages');
  expect(together(['Priya', 'Ines'])).toBe('Priya und Ines');
});

test('a tag that is none is English', () => {
  speak('not a tag');
  expect(languageTag()).toBe('en');
});

test('a wait counts minutes and seconds, and never backwards', () => {
  expect(elapsed(42_900)).toBe('0:42');
  expect(elapsed(725_000)).toBe('12:05');
  expect(elapsed(-5000)).toBe('0:00');
});

test('people are called by their first name, unless two share it', () => {
  expect(shortNames(['Priya Raman', 'Ines Okafor'])).toEqual(['Priya', 'Ines']);
  expect(shortNames(['Ines Okafor', 'Ines Silva', 'Mei'])).toEqual(['Ines Okafor', 'Ines Silva', 'Mei']);
});

test('initials are of the first and the last word', () => {
  expect(initials('Ines Maria Okafor')).toBe('IO');
  expect(initials(' mei ')).toBe('ME');
  expect(initials('')).toBe('');
});
