import { expect, test } from 'vitest';
import { DesktopNotice } from '../../../../shared/ui/alert/desktop-notice.svelte.ts';

interface Made {
  title: string;
  onclick: ((this: Notification, event: Event) => unknown) | null;
  closed: boolean;
  close(): void;
}

function setUp(permission: NotificationPermission | undefined, answer: NotificationPermission = 'granted') {
  const made: Made[] = [];
  const page = { watched: false, focused: 0, asked: 0, throws: false };
  const notice = new DesktopNotice({
    permission: () => permission,
    request: async () => {
      page.asked += 1;
      return answer;
    },
    make: (title) => {
      if (page.throws) throw new TypeError('Illegal constructor');
      const one: Made = {
        title,
        onclick: null,
        closed: false,
        close() {
          one.closed = true;
        },
      };
      made.push(one);
      return one;
    },
    watched: () => page.watched,
    focus: () => {
      page.focused += 1;
    },
  });
  return { made, notice, page };
}

const flag = { title: 'Priya Raman raised a flag', body: 'Need an approval.', tag: 'flag-1' };

test('asks once, and only where nobody has answered', async () => {
  const { notice, page } = setUp('default', 'denied');
  expect(notice.show(flag)).toBe(false);
  expect(await notice.ask()).toBe('denied');
  expect(await notice.ask()).toBe('denied');
  expect(page.asked).toBe(1);
});

test('is shown while nobody looks, and withdrawn with its cause', () => {
  const { made, notice, page } = setUp('granted');
  page.watched = true;
  expect(notice.show(flag)).toBe(false);
  page.watched = false;
  expect(notice.show(flag)).toBe(true);
  expect(made[0]?.closed).toBe(false);
  notice.withdraw('flag-1');
  expect(made[0]?.closed).toBe(true);
});

test('a press leads to the page and does what was asked', () => {
  const { made, notice, page } = setUp('granted');
  let opened = 0;
  notice.show({
    ...flag,
    onclick: () => {
      opened += 1;
    },
  });
  const press = made[0]?.onclick;
  press?.call({} as Notification, new Event('click'));
  expect([opened, page.focused, made[0]?.closed]).toEqual([1, 1, true]);
});

test('a browser without notices, or one that only has the name, says so', () => {
  expect(setUp(undefined).notice.permission).toBe('unsupported');
  const { notice, page } = setUp('granted');
  page.throws = true;
  expect(notice.show(flag)).toBe(false);
  expect(notice.permission).toBe('unsupported');
});
