using Provenance.Archive.Records;
using Xunit;

namespace Provenance.Archive.Tests.Records;

public sealed class SecretNamesTests
{
    [Theory]
    [InlineData("PASSWORD")]
    [InlineData("db_passwd")]
    [InlineData("MYSQL_PWD")]
    [InlineData("GITHUB_TOKEN")]
    [InlineData("GitHub_Pat")]
    [InlineData("AWS_SECRET_ACCESS_KEY")]
    [InlineData("AWS_ACCESS_KEY_ID")]
    [InlineData("OPENAI_API_KEY")]
    [InlineData("apikey")]
    [InlineData("GOOGLE_APPLICATION_CREDENTIALS")]
    [InlineData("SSH_PRIVATE_KEY")]
    [InlineData("BASIC_AUTH")]
    [InlineData("SLURM_JWT")]
    public void A_secret_is_kept_as_its_digest(string name)
    {
        var variable = SecretNames.Describe(name, "hello");

        Assert.Null(variable.Value);
        Assert.Equal("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824", variable.ValueSha256);
    }

    [Theory]
    [InlineData("PATH")]
    [InlineData("PWD")]
    [InlineData("OLDPWD")]
    [InlineData("HOME")]
    [InlineData("OMP_NUM_THREADS")]
    [InlineData("TOKENIZERS_PARALLELISM")]
    [InlineData("SSH_AUTH_SOCK")]
    [InlineData("GIT_AUTHOR_NAME")]
    [InlineData("I_MPI_PIN")]
    [InlineData("KEYBOARD")]
    [InlineData("PYTHONHASHSEED")]
    public void What_a_replay_needs_is_kept_as_it_is(string name)
    {
        var variable = SecretNames.Describe(name, "hello");

        Assert.Equal("hello", variable.Value);
        Assert.Null(variable.ValueSha256);
    }
}
