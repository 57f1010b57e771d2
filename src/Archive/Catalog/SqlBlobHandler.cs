using System.Data;
using System.Data.Common;
using Dapper;

namespace Provenance.Archive.Catalog;

/// <summary>Binds bytes as one value of type blob.</summary>
internal sealed class SqlBlobHandler : DbValueHandler<SqlBlob>
{
    protected override SqlBlob Parse(object? value) => new((byte[])value!);

    protected override void Configure(DbParameter parameter) => parameter.DbType = DbType.Binary;

    protected override void SetValueCore(DbParameter parameter, SqlBlob value) => parameter.Value = value.Bytes;
}
