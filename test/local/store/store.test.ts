import { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { lockFolder } from '../../../local/store/lock-folder.ts';
import { Store, StoreFailedError } from '../../../local/store/store.ts';
import { tempFolder } from '../../support/temp-folder.ts';

function notes(folder: string): { store: Store; add: (text: string) => void; all: () => unknown[] } {
  const store = new Store({ folder });
  store.define('create table if not exists notes (text text) strict');
  return {
    store,
    add: (text) => void store.prepare('insert into notes values (?)').run(text),
    all: () =>
      store
        .prepare('select text from notes')
        .all()
        .map((row) => row['text']),
  };
}

test('a write is visible at once and on disk once committed() resolves', async () => {
  const folder = tempFolder();
  const { store, add, all } = notes(folder);
  store.write(() => add('a'));
  expect(all()).toEqual(['a']);
  const reader = notes(folder);
  expect(reader.all()).toEqual([]);
  await store.committed();
  expect(reader.all()).toEqual(['a']);
  reader.store.close();
  store.close();
});

test('a change that throws leaves nothing behind, and the rest of the turn stays', async () => {
  const { store, add, all } = notes(tempFolder());
  store.write(() => add('kept'));
  expect(() =>
    store.write(() => {
      add('dropped');
      throw new Error('no');
    }),
  ).toThrow('no');
  await store.committed();
  expect(all()).toEqual(['kept']);
  store.close();
});

test('all writes of one turn of the event loop are one transaction', async () => {
  const { store, add } = notes(tempFolder());
  store.write(() => add('a'));
  const first = store.committed();
  await Promise.resolve();
  store.write(() => add('b'));
  expect(store.committed()).toBe(first);
  await first;
  store.close();
});

test('a database that cannot grow fails the commit with a clear error, keeps what was committed, and takes no more writes', async () => {
  const folder = tempFolder();
  const { store, add } = notes(folder);
  store.write(() => add('kept'));
  await store.committed();
  store.database.exec('pragma max_page_count = 1');
  const tooMuch = () => store.write(() => add('x'.repeat(1_000_000)));
  expect(tooMuch).toThrow(/full/);
  store.close();
  const again = notes(folder);
  expect(again.all()).toEqual(['kept']);
  again.store.close();
  expect(new StoreFailedError(new Error('disk full')).message).toContain('make room');
});

test('when a full disk has undone a turn, nothing that is written later in it is kept', async () => {
  const { store, add, all } = notes(tempFolder());
  store.database.exec('pragma max_page_count = 4');
  store.write(() => add('object'));
  expect(() => store.write(() => add('x'.repeat(1_000_000)))).toThrow(/full/);
  expect(() => store.write(() => add('its event'))).toThrow(StoreFailedError);
  await expect(store.committed()).rejects.toThrow(/full/);
  expect(all()).toEqual([]);
});

test('a blob is whole or not there', async () => {
  const { store } = notes(tempFolder());
  const { id, sizeBytes } = await store.blobs.write(Readable.from([Buffer.from('hello '), Buffer.from('world')]));
  expect(sizeBytes).toBe(11);
  const read = await store.blobs.read(id, { start: 6, end: 8 }).toArray();
  expect(Buffer.concat(read).toString()).toBe('wor');
  const broken = Readable.from(
    (function* () {
      yield Buffer.from('half');
      throw new Error('the client went away');
    })(),
  );
  await expect(store.blobs.write(broken)).rejects.toThrow('went away');
  store.blobs.sweep((known) => known === id);
  expect(await store.blobs.read(id).toArray()).toHaveLength(1);
  store.close();
});

test('a state folder belongs to one process at a time', () => {
  const folder = tempFolder();
  const release = lockFolder(folder);
  expect(() => lockFolder(folder)).toThrow(/another local cloud is using the state folder/);
  release();
  lockFolder(folder)();
});
