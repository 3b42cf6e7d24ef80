import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { answerCame, awaitAnswer, unansweredSeconds } from '../../../lambda/shared/awaited-answer.ts';
import { startCatalogueTable, type CatalogueTable } from '../../support/catalogue-table.ts';

let service: CatalogueTable;
beforeAll(async () => {
  service = await startCatalogueTable();
});
afterAll(() => service.stop());

const at = (hour: number): Date => new Date(Date.UTC(2026, 3, 5, hour));

test('the wait for an answer counts from the first upload since the last one', async () => {
  const { catalogue } = service;
  expect(await unansweredSeconds(catalogue, at(1))).toBe(0);
  await awaitAnswer(catalogue, at(1));
  await awaitAnswer(catalogue, at(3));
  expect(await unansweredSeconds(catalogue, at(4))).toBe(3 * 3600);
  await answerCame(catalogue);
  expect(await unansweredSeconds(catalogue, at(9))).toBe(0);
});
