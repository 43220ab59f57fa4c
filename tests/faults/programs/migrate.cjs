// Brings the database whose URL it is given to the tables of this version, as every start does.
const knex = require('knex');
const {
  migrateToLatest,
} = require('../../../plugins/pipelines-backend/src/database/migrate.ts');

const client = knex({ client: 'pg', connection: process.argv[2] });

migrateToLatest(client).then(
  () => client.destroy(),
  error => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  },
);
