using Dapper;
using Provenance.Archive.Catalog;

// SQL mapping is generated at compile time: the program is published ahead of time, where Dapper's own reflection cannot work.
[module: DapperAot]
[module: TypeHandler(typeof(SqlBlob), typeof(SqlBlobHandler))]
