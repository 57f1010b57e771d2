using Provenance.Archive.Records;
using Xunit;

namespace Provenance.Runtime.Tests.Comparison;

/// <summary>Texts and tables: numbers as numbers, norm by group, all else as it stands.</summary>
public sealed class TextComparerTests
{
    /// <summary>Name, then, now, and what is said without a tolerance.</summary>
    public static TheoryData<string, string, string, string> Rows => new()
    {
        { "a.txt", "x 1\n", "x 1\n", "Identical" },
        { "a.txt", "x  1\n", "x 1.0\n", "SameContent text [text layout]" },
        { "a.txt", "x 1e3\n", "x 1000\n", "SameContent text [text layout]" },
        { "a.txt", "x 1\ny\n", "x 1\r\ny\r\n", "SameContent text [line ends]" },
        { "a.txt", "x 1\n", "x 1", "SameContent text [line ends]" },
        { "a.txt", "x 1\n", "x 2\n", "Differs text" },
        { "a.txt", "x 1\n", "y 1\n", "Differs text" },
        { "a.txt", "x 1\n", "x 1\nx 2\n", "Differs text" },
        { "a.txt", "x: 1\n", "x:  1.0\n", "SameContent text [text layout]" },
        { "a.txt", "x 5%\n", "x 5.0%\n", "Differs text" },
        { "a.txt", "12345678901234567\n", "12345678901234568\n", "Differs text" },
        { "a.csv", "a,b\n1,2\n", "a,b\n1.0,\"2\"\n", "SameContent csv [text layout]" },
        { "a.csv", "a,b\n1,2\n", "a,b\n1,3\n", "Differs csv" },
        { "a.csv", "a,b\n1,2\n", "a,b\n1,2,3\n", "Differs csv" },
        { "a.csv", "a,b\n\"x\ny\",2\n", "a,b\n\"x\ny\",2.0\n", "SameContent csv [text layout]" },
        { "a.csv", "a;b\n1,5;2\n", "a;b\n1,50;2\n", "SameContent csv [text layout]" },
        { "a.tsv", "a\tb\n1\t2\n", "a\tb\n1\t2e0\n", "SameContent tsv [text layout]" },
        { "data", "1,2\n3,4\n", "1,2\n3,4.0\n", "SameContent csv [text layout]" },
        { "v.vcf", "##fileformat=VCFv4.2\n##fileDate=20240101\n1\t5\n", "##fileformat=VCFv4.2\n##fileDate=20260102\n1\t5\n", "SameContent text [vcf header]" },
        { "v.vcf", "##fileformat=VCFv4.2\n##fileDate=20240101\n1\t5\n", "##fileformat=VCFv4.2\n##reference=x\n1\t5\n", "Differs text" },
        { "v.txt", "##fileDate=20240101\n", "##fileDate=20260102\n", "Differs text" },
        { "a.sam", "@HD\tVN:1.6\n@PG\tID:x\tCL:a 1\nr1\t0\n", "@HD\tVN:1.6\n@PG\tID:x\tCL:b 2\nr1\t0\n", "SameContent text [sam @PG]" },
        { "a.ps", "%!PS-Adobe\n%%CreationDate: Mon\nshow\n", "%!PS-Adobe\n%%CreationDate: Tue\nshow\n", "SameContent text [postscript dates]" },
        {
            "log.lammps",
            "LAMMPS (2 Aug 2023)\nTotEng -4.5\nLoop time of 0.51 on 2 procs for 100 steps with 400 atoms\nPair    | 0.1  | 0.1  | 0.1  |   0.0 | 88.00\nTotal wall time: 0:00:01\n",
            "LAMMPS (2 Aug 2023)\nTotEng -4.5\nLoop time of 0.63 on 2 procs for 100 steps with 400 atoms\nPair    | 0.2  | 0.2  | 0.2  |   0.0 | 87.10\nTotal wall time: 0:00:02\n",
            "SameContent text [lammps times]"
        },
        {
            "log.lammps",
            "LAMMPS (2 Aug 2023)\nTotEng -4.5\nLoop time of 0.51 on 2 procs for 100 steps with 400 atoms\n",
            "LAMMPS (2 Aug 2023)\nTotEng -4.6\nLoop time of 0.63 on 2 procs for 100 steps with 400 atoms\n",
            "Differs text [lammps times]"
        },
        {
            "pw.out",
            "     Program PWSCF v.7.2 starts on  1Jan2024 at 12: 0: 0 \n!    total energy = -15.8 Ry\n     electrons    :      0.40s CPU      0.50s WALL (       1 calls)\n     PWSCF        :   1m 0.66s CPU      0.79s WALL\n   This run was terminated on:  12: 0: 1   1Jan2024            \n",
            "     Program PWSCF v.7.2 starts on  2Feb2026 at 11: 1: 1 \n!    total energy = -15.8 Ry\n     electrons    :      0.41s CPU      0.53s WALL (       1 calls)\n     PWSCF        :   1m 2.66s CPU      0.99s WALL\n   This run was terminated on:  11: 1: 2   2Feb2026            \n",
            "SameContent text [quantum espresso times]"
        },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Texts_are_compared_by_what_they_say(string name, string then, string now, string expected) =>
        Assert.Equal(expected, Compared.Of(name, then, now).Words());

    [Theory]
    [InlineData("a.csv", "t,x\n0,1000\n1,0.0001\n", "t,x\n0,1000\n1,0.0002\n", 1e-6, 0, ComparisonResult.WithinTolerance)] // near zero, by the norm of the column
    [InlineData("a.csv", "t,x\n0,1000\n1,0.0001\n", "t,x\n0,1000\n1,0.0002\n", 1e-8, 0, ComparisonResult.Differs)]
    [InlineData("a.csv", "t,x\n1000,1\n1,0.1\n", "t,x\n1000,1\n1,0.2\n", 1e-3, 0, ComparisonResult.Differs)] // another column's norm does not help
    [InlineData("a.txt", "steps 1000000\nenergy 0.1\n", "steps 1000000\nenergy 0.2\n", 1e-3, 0, ComparisonResult.Differs)] // nor another word's
    [InlineData("a.txt", "energy 0.1\n", "energy 0.1000001\n", 1e-5, 0, ComparisonResult.WithinTolerance)]
    [InlineData("a.txt", "energy 0.1\n", "energy 0.1000001\n", 0, 1e-6, ComparisonResult.WithinTolerance)]
    [InlineData("a.txt", "energy nan\n", "energy NaN\n", 0, 0, ComparisonResult.SameContent)]
    [InlineData("a.txt", "energy nan\n", "energy 1\n", 1, 1, ComparisonResult.Differs)]
    [InlineData("a.txt", "energy inf\n", "energy 1\n", 1, 1, ComparisonResult.Differs)]
    [InlineData("a.txt", "x 1.0D+02\n", "x 1.0001d2\n", 1e-3, 0, ComparisonResult.WithinTolerance)]
    [InlineData("a.txt", "x 1.5-101\n", "x 1.5E-101\n", 0, 0, ComparisonResult.SameContent)]
    [InlineData("a.txt", "2024-01-01\n", "2024-01-02\n", 1, 1, ComparisonResult.Differs)] // no number
    [InlineData("a.txt", "10:00:01\n", "10:00:02\n", 1, 1, ComparisonResult.Differs)]
    public void A_tolerance_is_norm_wise(string name, string then, string now, double rtol, double atol, ComparisonResult expected) =>
        Assert.Equal(expected, Compared.Of(name, then, now, rtol, atol).Result);

    [Fact]
    public void The_worst_difference_is_named_with_its_place()
    {
        var likeness = Compared.Of("a.csv", "t,energy\n0,8\n1,2\n2,4\n", "t,energy\n0,8\n1,2.5\n2,4.25\n");

        Assert.Equal(
            new WorstDifference { Absolute = "0.5", Relative = "0.0625", Where = "line 3, column 'energy'", Original = "2", Replayed = "2.5" }, likeness.Worst);
        Assert.Equal("2 numbers differ", likeness.Note);
    }

    [Fact]
    public void The_first_line_that_differs_in_what_counts_is_shown()
    {
        var likeness = Compared.Of(
            "a.sam", "@HD\tVN:1.6\n@PG\tCL:a\nr1\tx\n", "@HD\tVN:1.6\n@PG\tCL:b\nr1\ty\n");

        Assert.Equal((3L, "r1\tx", "r1\ty"), (likeness.First!.Line!.Value, likeness.First.Original, likeness.First.Replayed));
    }

    [Theory]
    [InlineData("made 2024-05-06 07:08:09\n", "made 2026-01-02 03:04:05\n", true)]
    [InlineData("Wed Nov 25 10:13:41 UTC 2026\n", "Thu Nov 26 11:14:42 UTC 2026\n", true)]
    [InlineData("at 1764065621\n", "at 1764065622\n", true)]
    [InlineData("01Jan2024\n", "2Feb2026\n", true)]
    [InlineData("took 12:30\n", "took 12:31\n", true)]
    [InlineData("x 1\n", "x 2\n", false)]
    [InlineData("a 2024-05-06 b\n", "a 2024-05-07 c\n", false)]
    [InlineData("5551234567\n", "5551234568\n", false)]
    public void What_looks_like_a_date_or_a_time_is_said(string then, string now, bool expected) =>
        Assert.Equal(expected, Compared.Of("out.txt", then, now).LooksLikeTime);
}
