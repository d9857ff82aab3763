import { afterEach, expect, test } from 'vitest';
import { catalogue } from '../../../../shared/ui/text/catalogue.ts';
import { language } from '../../../../shared/ui/text/language.svelte.ts';

afterEach(() => language.use('en'));

const make = () =>
  catalogue({
    plain: 'Nothing waits for you',
    seen: 'Seen by {name}',
    of: '{used} of {limit}',
    lines: { one: '{count} line with {name}', other: '{count} lines with {name}' },
  });

test('fills parameters in, and writes numbers as the language does', () => {
  const text = make();
  expect(text('plain')).toBe('Nothing waits for you');
  expect(text('seen', { name: 'Ines' })).toBe('Seen by Ines');
  expect(text('of', { used: 1200, limit: 4000 })).toBe('1,200 of 4,000');
});

test('a value that looks like a parameter is not filled again', () => {
  expect(make()('seen', { name: '{name}' })).toBe('Seen by {name}');
});

test('chooses the plural', () => {
  const text = make();
  expect(text('lines', { count: 1, name: 'Ines' })).toBe('1 line with Ines');
  expect(text('lines', { count: 0, name: 'Ines' })).toBe('0 lines with Ines');
});

test('a translation with more plural forms than English is used by its own rules, and a missing key falls back', () => {
  const text = make();
  text.translate('pl', {
    lines: { one: '{count} wiersz', few: '{count} wiersze', many: '{count} wierszy', other: '{count} wiersza' },
  });
  language.use('pl');
  const said = [1, 3, 5].map((count) => text('lines', { count, name: 'Ines' }));
  expect(said).toEqual(['1 wiersz', '3 wiersze', '5 wierszy']);
  expect(text('seen', { name: 'Ines' })).toBe('Seen by Ines');
});

test('a regional language uses the translation of its language', () => {
  const text = make();
  text.translate('pt', { seen: 'Visto por {name}' });
  language.use('pt-BR');
  expect(text('seen', { name: 'Ines' })).toBe('Visto por Ines');
});

test('the direction follows the language', () => {
  const root = { lang: '', dir: '' };
  language.use('ar-EG', root);
  expect(root).toEqual({ lang: 'ar-EG', dir: 'rtl' });
  language.use('en', root);
  expect(root).toEqual({ lang: 'en', dir: 'ltr' });
  expect(() => language.use('not a language')).toThrow(RangeError);
});
