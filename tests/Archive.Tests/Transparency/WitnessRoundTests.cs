using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Tests.Trust;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Archive.Tests.Transparency;

/// <summary>Witnesses that are asked over HTTP: real ones on 127.0.0.1, which remember and verify, and such as do not.</summary>
public sealed class WitnessRoundTests : IDisposable
{
    private readonly Catalog.SampleArchive _archive = new();
    private readonly FakeTimeProvider _time = new(TestCertificates.Now);
    private readonly List<LoopbackServer> _servers = [];
    private int _runs;

    public WitnessRoundTests() => Directory.CreateDirectory(Layout.Trust);

    private StoreLayout Layout => _archive.Layout;

    public void Dispose()
    {
        _servers.ForEach(server => server.Dispose());
        _archive.Dispose();
    }

    [Fact]
    public void Each_new_checkpoint_is_cosigned_as_a_continuation_of_the_last()
    {
        var one = Witness("witness.example/one");
        var two = Witness("witness.example/two");
        Configure(2, one.Address, two.Address);
        var first = Record();

        var report = Ask();

        Assert.Empty(report.Warnings);
        Assert.Equal(["witness.example/one", "witness.example/two"], report.Cosignatures.Select(by => by.Witness.Name).Order());
        Assert.Equal(2, new CosignedCheckpoints(Layout, _ => { }).Find(1)!.Verify(KnownKeys.Load(Layout)).Cosignatures.Count);
        Assert.Equal(2, new LogProofs(Layout, _ => { }).Find(first)!.Checkpoint.Verify(KnownKeys.Load(Layout)).Cosignatures.Count);

        Record();
        Record();
        Assert.Equal((3, 2), (Ask().Size, Ask().Cosignatures.Count));
        Assert.Equal([0L, 1L], one.Proved);

        // There is nothing new: nobody is asked.
        Assert.Equal(2, one.Server.Requests);
    }

    [Fact]
    public void A_witness_that_has_seen_another_size_is_shown_the_way_from_there()
    {
        var witness = Witness("witness.example/one");
        Record();
        Record();
        Configure(1, witness.Address);
        Ask();
        Directory.Delete(Layout.Cosigned, recursive: true); // as after a repair: what it saw last is not known here
        Record();
        Record();

        Assert.True(Ask().IsEnough);
        Assert.Equal([0L, 2L], witness.Proved);
    }

    [Fact]
    public void A_witness_that_has_seen_more_says_that_the_log_was_rolled_back()
    {
        var witness = Witness("witness.example/one");
        witness.Seen = new TreeHead(7, MerkleTree.EmptyRoot());
        Record();
        Configure(1, witness.Address);

        Problem("has seen this log with 7 entries, it has 1: it was rolled back, or two write it");
    }

    [Fact]
    public void A_witness_that_has_seen_another_history_does_not_cosign_this_one()
    {
        var witness = Witness("witness.example/one");
        Record();
        Record();
        witness.Seen = new TreeHead(1, MerkleTree.EmptyRoot());
        Configure(1, witness.Address);

        Problem("the log is forked, or was rewritten");
    }

    [Fact]
    public void Whose_key_is_not_in_trust_is_no_witness_here()
    {
        var witness = Witness("witness.example/one", isTrusted: false);
        Record();
        Configure(0, witness.Address);

        Problem("is no witness known here: its key belongs into trust/*.vkey");
        Assert.Empty(new CosignedCheckpoints(Layout, _ => { }).Sizes);
    }

    [Fact]
    public void A_signature_that_does_not_hold_is_not_kept()
    {
        var witness = Witness("witness.example/one");
        witness.Spoil = lines => lines.Replace(lines[^8], lines[^8] == 'A' ? 'B' : 'A');
        Record();
        Configure(1, witness.Address);

        Assert.NotEmpty(Ask().Problems);
        Assert.Empty(new CosignedCheckpoints(Layout, _ => { }).Sizes);
    }

    [Fact]
    public void A_cosignature_of_another_time_is_of_no_use()
    {
        var witness = Witness("witness.example/one");
        witness.Ahead = TimeSpan.FromDays(-2);
        Record();
        Configure(1, witness.Address);

        Problem("which is more than a day from this machine's clock");
    }

    [Theory]
    [InlineData(404, "does not know this log")]
    [InlineData(403, "knows this log by another key")]
    [InlineData(409, "has seen another root of this log at the same size")]
    [InlineData(500, "answers with HTTP status 500")]
    [InlineData(302, "answers with HTTP status 302")]
    public void Why_a_witness_refuses_is_said_and_the_others_count(int status, string reason)
    {
        var good = Witness("witness.example/good");
        var bad = Serve((_, response) => response.StatusCode = status);
        Record();
        Configure(2, bad.Address, good.Address);

        var report = Ask();

        Assert.Contains(reason, report.Warnings[0], StringComparison.Ordinal);
        Assert.Equal("1 of 2 required witnesses have cosigned the log of 1 entries", report.Warnings[1]);
        Assert.Single(report.Cosignatures);
    }

    [Theory]
    [InlineData("", "has no signature line")]
    [InlineData("hello\n", "is no signature line")]
    [InlineData("\u2014 witness.example/one AAAA\n", "is no signature in base 64")]
    public void Nonsense_is_refused(string answer, string reason)
    {
        var server = Serve((_, response) => response.OutputStream.Write(Encoding.UTF8.GetBytes(answer)));
        Record();
        Configure(1, server.Address);

        Problem(reason);
    }

    [Theory]
    [InlineData("x\n")]
    [InlineData("3")]
    [InlineData("-1\n")]
    public void A_conflict_without_a_size_is_refused(string size)
    {
        var server = Serve((_, response) =>
        {
            response.StatusCode = 409;
            response.ContentType = "text/x.tlog.size";
            response.OutputStream.Write(Encoding.UTF8.GetBytes(size));
        });
        Record();
        Configure(1, server.Address);

        Problem("answers with a conflict that names no size");
    }

    [Fact]
    public void An_answer_without_an_end_is_cut_off()
    {
        var server = Serve((_, response) =>
        {
            response.SendChunked = true;
            byte[] much = new byte[1 << 16];
            try
            {
                for (int i = 0; i < 100; i++)
                {
                    response.OutputStream.Write(much);
                }
            }
            catch (HttpListenerException)
            {
                // It hangs up, as it should.
            }
        });
        Record();
        Configure(1, server.Address);

        Assert.Single(Ask().Problems);
    }

    [Fact]
    public void Who_does_not_answer_costs_the_cosignature_and_no_more()
    {
        Record();
        Configure(1, new Uri("http://127.0.0.1:1/"));

        var report = Ask();

        Assert.StartsWith("witness 'http://127.0.0.1:1/'", report.Problems[0], StringComparison.Ordinal);
        Assert.False(report.IsEnough);
    }

    [Fact]
    public void A_policy_requires_as_many_as_it_says()
    {
        var one = Witness("witness.example/one");
        var two = Witness("witness.example/two");
        File.WriteAllText(Layout.TrustPolicy, "[require]\nwitnesses = 2\n");
        var record = Record();
        Assert.Equal(VerificationVerdict.Incomplete, Verify(record).Verdict);
        Configure(1, one.Address);
        Ask();

        var lacking = Verify(record);
        Assert.Equal(VerificationVerdict.Incomplete, lacking.Verdict);
        Assert.StartsWith("2 witnesses are required by", lacking.Checks.Single(check => check.Name == "log").Detail, StringComparison.Ordinal);

        Configure(2, one.Address, two.Address);
        Ask();
        Assert.Equal(VerificationVerdict.Good, Verify(record).Verdict);
    }

    [Theory]
    [InlineData("witness = 3", "'log.witness' is no address")]
    [InlineData("witness = \"file:///etc/passwd\"", "'log.witness' has 'file:///etc/passwd'")]
    [InlineData("cosignatures = 17", "'log.cosignatures' is '17', expected 0 to 16")]
    [InlineData("timeout_seconds = 0", "'log.timeout_seconds' is '0'")]
    [InlineData("quorum = 2", "'log.quorum' is not known")]
    public void A_setting_that_is_not_understood_is_an_error(string setting, string reason)
    {
        File.WriteAllText(Layout.Config, $"[log]\n{setting}\n");

        Assert.Contains(reason, Assert.Throws<ArchiveException>(Ask).Message, StringComparison.Ordinal);
    }

    private WitnessReport Ask() => new WitnessRound(Layout, _ => { }, _time).Ask();

    private void Problem(string reason) => Assert.Contains(reason, Assert.Single(Ask().Problems), StringComparison.Ordinal);

    private Digest Record() => _archive.Accept(++_runs);

    private RecordVerification Verify(Digest record)
    {
        using var finder = RecordFinder.Open(_archive.Blobs, _ => { });
        var row = finder.Get(record.Hex);
        return new RecordVerifier(_archive.Blobs, TrustedCertificates.Load(Layout), _time).Verify(row.Record, row.Signature, log: finder.CheckLog);
    }

    private void Configure(int required, params Uri[] witnesses) => File.WriteAllText(
        Layout.Config, $"[log]\nwitness = [{string.Join(", ", witnesses.Select(one => $"\"{one}\""))}]\ncosignatures = {required}\n");

    private LoopbackServer Serve(Action<byte[], HttpListenerResponse> answer)
    {
        var server = new LoopbackServer(answer);
        _servers.Add(server);
        return server;
    }

    private HttpWitness Witness(string name, bool isTrusted = true)
    {
        var witness = new HttpWitness(name, _time, Layout);
        _servers.Add(witness.Server);
        if (isTrusted)
        {
            File.WriteAllText(Path.Combine(Layout.Trust, $"{name.Split('/')[1]}.vkey"), $"{witness.Key}\n");
        }

        return witness;
    }
}
