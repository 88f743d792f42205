using FsCheck;
using FsCheck.Fluent;
using Rectify.Evaluation;
using Rectify.Tensors;

namespace Rectify.Tests.Evaluation;

public sealed class ScoreCombinationTests
{
    [Fact]
    public void Table_OfTheSameTableAgainAndAgain_IsThatTable() => Prop.ForAll<int, byte, byte>((seed, count, weight) =>
    {
        ScoreTable table = RandomScores.Table(23, 6, seed);
        int members = 2 + (count % 5);
        ScoreCombination combination = new(Members(Enumerable.Repeat(table, members)), [.. Enumerable.Range(1, members).Select(m => (weight + m) / 7.0)]);
        return RandomScores.AreSame(table, combination.Table());
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Table_WeightsOfAnotherScale_AreTheSame() => Prop.ForAll<int, byte>((seed, power) =>
    {
        ScoreMember[] members = Members(Enumerable.Range(seed & 0xFFFF, 3).Select(s => RandomScores.Table(23, 6, s)));
        double[] weights = [1, 0.3, 2.5];
        double scale = Math.ScaleB(1, (power % 32) - 16);
        return RandomScores.AreSame(new ScoreCombination(members, weights).Table(), new ScoreCombination(members, [.. weights.Select(w => w * scale)]).Table());
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Table_OfThree_IsTheMeanInDoubles()
    {
        ScoreTable[] tables = [.. Enumerable.Range(1, 3).Select(seed => RandomScores.Table(50, 8, seed, unreadEvery: seed == 2 ? 7 : seed == 3 ? 5 : 0))];
        ScoreTable mean = new ScoreCombination(Members(tables), [1, 2, 5]).Table();
        for (int i = 0; i < mean.Images; i++)
        {
            Assert.Equal((i + 1) % 7 != 0 && (i + 1) % 5 != 0, mean.IsRead(i));
            for (int k = 0; k < 8 && mean.IsRead(i); k++)
            {
                double twin = (tables[0].Scores(i)[k] + (2.0 * tables[1].Scores(i)[k]) + (5.0 * tables[2].Scores(i)[k])) / 8;
                Assert.Equal((float)twin, mean.Scores(i)[k]);
            }
        }

        Assert.Equal(ErrorCounts.Of(mean), new ScoreCombination(Members(tables), [1, 2, 5]).Count([2, 0, 1]));
    }

    [Fact]
    public void Table_Origin_NamesAll()
    {
        ScoreMember[] members = Members([RandomScores.Table(20, 4, 1), RandomScores.Table(20, 4, 2)]);
        ScoreOrigin plain = new ScoreCombination(members).Table().Origin;
        Assert.Equal(("net1 + net2", "10-view", "V512", "1:abc", 64), (plain.Model, plain.View, plain.Kernels, plain.ImagesFingerprint, plain.ModelFingerprint.Length));
        ScoreOrigin weighted = new ScoreCombination(members, [2, 1]).Table().Origin;
        Assert.Equal("2×net1 + 1×net2", weighted.Model);
        Assert.NotEqual(plain.ModelFingerprint, weighted.ModelFingerprint);
        ScoreTable dense = new(RandomScores.Origin(2) with { View = "dense", Scales = [384] }, members[1].Table.Classes, members[1].Table.Names, members[1].Table.Labels);
        ScoreOrigin mixed = new ScoreCombination([members[0], new ScoreMember("dense", dense)]).Table().Origin;
        Assert.Equal("combined", mixed.View);
        Assert.Equal([256, 384, 512], mixed.Scales);
        ScoreTable foreign = new(RandomScores.Origin(2) with { ModelFingerprint = "" }, members[1].Table.Classes, members[1].Table.Names, members[1].Table.Labels);
        Assert.Equal("", new ScoreCombination([members[0], new ScoreMember("foreign", foreign)]).Table().Origin.ModelFingerprint);
    }

    [Fact]
    public void LeaveOneOut_OfTwo_IsTheOther()
    {
        ScoreTable[] tables = [RandomScores.Table(60, 6, 1), RandomScores.Table(60, 6, 2)];
        IReadOnlyList<LeftOut> left = new ScoreCombination(Members(tables), [3, 1]).LeaveOneOut();
        Assert.Equal(ErrorCounts.Of(tables[1]), left[0].Without);
        Assert.Equal(ErrorCounts.Of(tables[0]), left[1].Without);
        Assert.Equal(left[0].Alone, left[1].Without);
    }

    [Fact]
    public void Greedy_OnItsOwnImages_IsNeverWorseThanTheBestAloneOrAll() => Prop.ForAll<int>(seed =>
    {
        ScoreCombination combination = new(Members(Enumerable.Range(seed & 0xFFFF, 4).Select(s => RandomScores.Table(37, 7, s))));
        foreach (int top in (int[])[1, 5])
        {
            IReadOnlyList<SelectionStep> steps = GreedySelection.Run(combination, top);
            int best = combination.Members.Min(member => ErrorCounts.Of(member.Table).Errors(top));
            int chosen = steps[GreedySelection.Best(steps, top) - 1].Errors.Errors(top);
            bool each = steps.Select(step => step.Member).Order().SequenceEqual([0, 1, 2, 3]);
            if (!each || steps[0].Errors.Errors(top) != best || chosen > best || chosen > combination.Count([0, 1, 2, 3]).Errors(top))
            {
                return false;
            }
        }

        return true;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Greedy_StrongAndNoisyModels_TakesTheStrongTogetherAndLeavesTheNoise()
    {
        // Two that are right on different halves and sure of it, and two that are sure of the wrong class everywhere.
        ScoreTable Half(int seed, Func<int, bool> right)
        {
            ScoreTable table = new(RandomScores.Origin(seed), ["a", "b"], [.. Enumerable.Range(0, 40).Select(i => $"{i}")], new int[40]);
            for (int i = 0; i < 40; i++)
            {
                table.Set(i, right(i) ? [0.9f, 0.1f] : [0.4f, 0.6f]);
            }

            return table;
        }

        ScoreMember[] members = Members([Half(1, _ => false), Half(2, i => i < 20), Half(3, i => i >= 20), Half(4, i => i == 1)]);
        IReadOnlyList<SelectionStep> steps = GreedySelection.Run(new ScoreCombination(members), 1);
        Assert.Equal([1, 2], steps.Take(2).Select(step => step.Member));
        Assert.Equal([20, 0], steps.Take(2).Select(step => step.Errors.Top1Errors));
        Assert.Equal(2, GreedySelection.Best(steps, 1));
    }

    [Fact]
    public void Repeated_TheSameWeightsByTheSameView_IsSeen()
    {
        ScoreTable table = RandomScores.Table(20, 4, 1);
        Assert.Empty(new ScoreCombination(Members([table, RandomScores.Table(20, 4, 2)])).Repeated());
        (ScoreMember first, ScoreMember again) = Assert.Single(new ScoreCombination([new("x", table), new("y", RandomScores.Table(20, 4, 2)), new("z", table)]).Repeated());
        Assert.Equal(("x", "z"), (first.Name, again.Name));
    }

    [Fact]
    public void New_WrongWeightsOrTooFew_IsRefused()
    {
        ScoreMember[] two = Members([RandomScores.Table(20, 4, 1), RandomScores.Table(20, 4, 2)]);
        Assert.Throws<UsageException>(() => new ScoreCombination(two[..1]));
        foreach (double[] weights in (double[][])[[1], [1, 0], [1, -1], [1, double.NaN], [double.PositiveInfinity, 1]])
        {
            Assert.Throws<UsageException>(() => new ScoreCombination(two, weights));
        }
    }

    private static ScoreMember[] Members(IEnumerable<ScoreTable> tables) => [.. tables.Select((table, m) => new ScoreMember($"m{m}", table))];
}
