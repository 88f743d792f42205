using System.Reflection;
using Rectify.Imaging;
using Rectify.Mpi;
using Rectify.Reports;
using Rectify.Tensors;

namespace Rectify.Tests.PublicApi;

/// <summary>The public surface of the libraries is what the files beside this one record: nobody changes it without seeing it.</summary>
[Trait("Width", "any")]
public sealed class PublicApiTests
{
    private const string Accept = "RECTIFY_ACCEPT_API";

    public static TheoryData<string> Libraries() => ["Rectify", "Rectify.Imaging", "Rectify.Mpi", "Rectify.Reports"];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Surface_OfALibrary_IsAsRecorded(string library)
    {
        string path = Path.Combine(Repository.Root, "tests", "Rectify.Tests", "PublicApi", $"{library}.txt");
        string[] found = [.. ApiListing.Of(AssemblyOf(library))];
        Assert.True(found.Length > 10, $"{library} shows hardly anything: the test has gone blind");
        if (Environment.GetEnvironmentVariable(Accept) == "1")
        {
            File.WriteAllText(path, string.Join('\n', found) + "\n");
        }

        string[] recorded = File.Exists(path) ? File.ReadAllLines(path) : [];
        string[] changes = [.. recorded.Except(found).Select(line => $"- {line}"), .. found.Except(recorded).Select(line => $"+ {line}")];
        Assert.True(
            changes.Length == 0,
            $"The public surface of {library} is not what {path} records:\n{string.Join('\n', changes)}\n"
            + $"If that is meant, write the file anew and commit it: {Accept}=1 dotnet run --project tests/Rectify.Tests -c Release -- --filter-class '*PublicApiTests'");
        Assert.Equal(found, recorded);
    }

    private static Assembly AssemblyOf(string library) => library switch
    {
        "Rectify" => typeof(MapShape).Assembly,
        "Rectify.Imaging" => typeof(PhotoDecoder).Assembly,
        "Rectify.Mpi" => typeof(MpiCommunicator).Assembly,
        _ => typeof(ReportPage).Assembly,
    };
}
