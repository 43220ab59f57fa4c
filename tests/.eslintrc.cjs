module.exports = require('../.eslintrc.layers.js').forPrograms(__dirname);
