module.exports = require('../../.eslintrc.layers').forPackage(__dirname);
