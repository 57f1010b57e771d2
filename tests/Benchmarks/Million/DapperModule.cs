using Dapper;

// Not published ahead of time: Dapper's own reflection is good enough for it.
[module: DapperAot(false)]
